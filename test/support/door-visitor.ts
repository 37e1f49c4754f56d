import { Agent as HttpAgent, request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { Agent as HttpsAgent, request as requestOverTls } from "node:https";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { Agent, WebSocket } from "undici";
import type { Answer } from "./edge-container";

interface Asked {
  tls?: boolean;
  method?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  /** Default: a connection of its own. */
  agent?: HttpAgent | HttpsAgent;
}

/** Visits sites by their names at the ports of a front door. */
export class DoorVisitor {
  constructor(
    readonly ports: { http: number; https: number },
    readonly host = "127.0.0.1",
  ) {}

  ask(
    name: string,
    path = "/",
    { tls = true, method = "GET", body, headers = {}, agent }: Asked = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const port = tls ? this.ports.https : this.ports.http;
      const own = agent ?? (tls ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false }));
      const options = {
        host: this.host,
        port,
        path,
        method,
        agent: own,
        maxHeaderSize: 65_536,
        headers: { Host: name, ...headers },
      };
      const tlsOptions = { servername: name, rejectUnauthorized: false };
      const asked = (tls ? requestOverTls : request)(
        { ...options, ...(tls && tlsOptions), timeout: 20_000 },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            text += part;
          });
          response.on("error", reject);
          response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
        },
      );
      asked.on("timeout", () => asked.destroy(new Error("no answer in 20 s")));
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** The names in the certificate that a name gets. */
  async certificate(name: string): Promise<string> {
    const socket = await this.#tls(name);
    const names = socket.getPeerCertificate().subjectaltname ?? "";
    socket.destroy();
    return names;
  }

  /** Sends the first message of TLS in small pieces, as a slow network may. */
  async certificateInPieces(name: string): Promise<string> {
    const socket = connectTls({
      servername: name,
      rejectUnauthorized: false,
      socket: inPieces(connect(this.ports.https, this.host)),
    });
    await secured(socket);
    const names = socket.getPeerCertificate().subjectaltname ?? "";
    socket.destroy();
    return names;
  }

  /** Asks over HTTP/2 with an authority that may differ from the name of the connection. */
  async askHttp2(name: string, authority = name): Promise<{ status: number; text: string }> {
    const socket = await this.#tls(name, ["h2"]);
    const session = connectHttp2(`https://${name}`, { createConnection: () => socket });
    try {
      return await new Promise((resolve, reject) => {
        session.on("error", reject);
        const stream = session.request({ ":path": "/", ":authority": authority });
        let text = "";
        let status = 0;
        stream.setEncoding("utf8");
        stream.on("response", (headers) => {
          status = Number(headers[":status"]);
        });
        stream.on("data", (part: string) => {
          text += part;
        });
        stream.on("error", reject);
        stream.on("end", () => resolve({ status, text }));
        stream.end();
      });
    } finally {
      session.destroy();
    }
  }

  socket(name: string, path: string, { tls = true } = {}): WebSocket {
    const options = { host: this.host, port: tls ? this.ports.https : this.ports.http, servername: name };
    const dispatcher = new Agent({
      connect: (_, callback) => {
        const socket = tls
          ? connectTls({ ...options, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] })
          : connect(options);
        socket.once(tls ? "secureConnect" : "connect", () => callback(null, socket));
        socket.once("error", (error) => callback(error, null));
      },
    });
    return new WebSocket(`${tls ? "wss" : "ws"}://${name}${path}`, { dispatcher });
  }

  async #tls(name: string, ALPNProtocols: string[] = ["http/1.1"]): Promise<TLSSocket> {
    const options = { host: this.host, port: this.ports.https, rejectUnauthorized: false, ALPNProtocols };
    return secured(connectTls({ ...options, ...(name !== "" && { servername: name }) }));
  }
}

function secured(socket: TLSSocket): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
}

/** Writes to a connection in pieces of 150 bytes. */
function inPieces(tcp: Socket): Duplex {
  tcp.setNoDelay(true);
  const duplex = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      (async () => {
        for (let at = 0; at < chunk.length; at += 150) {
          tcp.write(chunk.subarray(at, at + 150));
          await sleep(20);
        }
      })().then(() => done(), done);
    },
  });
  tcp.on("data", (data) => duplex.push(data));
  tcp.on("close", () => duplex.destroy());
  duplex.on("close", () => tcp.destroy());
  return duplex;
}
