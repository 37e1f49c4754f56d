import { createServer, type Server } from "node:http";
import { bridgeAddress } from "../servers/docker";
import { freePort } from "./ports";

/** A message of the webhook, as docs/alerts.md has it. */
export interface AlertMessage {
  title: string;
  events: { type: string; condition: string; advice: string }[];
}

/** Receives the messages of a watch by webhook, and counts its signs of life. */
export class AlertReceiver {
  readonly messages: AlertMessage[] = [];
  pings = 0;

  private constructor(
    /** The setting alertsTo. */
    readonly targets: string,
    private server?: Server,
  ) {}

  static async start(): Promise<AlertReceiver> {
    const [host, port] = [await bridgeAddress(), await freePort()];
    const receiver = new AlertReceiver(`webhook http://${host}:${port}/alerts\nping http://${host}:${port}/ping`);
    receiver.server = createServer(async (request, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      if (request.url === "/ping") receiver.pings++;
      else receiver.messages.push(JSON.parse(Buffer.concat(chunks).toString()));
      answer.end();
    }).listen(port, host);
    return receiver;
  }

  /** The events of conditions whose names begin so; of all without a name. */
  about(condition = ""): AlertMessage["events"] {
    return this.messages.flatMap(({ events }) => events).filter((event) => event.condition.startsWith(condition));
  }

  stop(): void {
    this.server?.close();
  }
}
