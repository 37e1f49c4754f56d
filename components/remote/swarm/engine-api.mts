import { spawn } from "node:child_process";
import { request } from "node:http";
import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { Problem } from "../../model/problem.ts";
import { wordsOf } from "../../model/shell.ts";
import { prepareControlDirectory } from "../control-directory.ts";

/** Timeout of a request in milliseconds. A join waits for the other server. */
const TIMEOUT_MS = 60_000;

/** The API of a server's engine, over SSH. Bodies go through the connection, so no secret is in a command line. */
export class EngineApi {
  readonly #sshPrefix: string;
  /** Name of the server, for error messages. */
  readonly server: string;

  constructor(server: string, sshPrefix: string) {
    this.server = server;
    this.#sshPrefix = sshPrefix;
  }

  /** @throws Problem if the engine does not answer, or with its reason. */
  async get<Answer>(path: string): Promise<Answer> {
    return JSON.parse(await this.#send("GET", path)) as Answer;
  }

  /** @throws Problem if the engine does not answer, or with its reason. */
  async post(path: string, body?: unknown): Promise<void> {
    await this.#send("POST", path, body === undefined ? "" : JSON.stringify(body));
  }

  /** @throws Problem if the engine does not answer, or with its reason. */
  async delete(path: string): Promise<void> {
    await this.#send("DELETE", path);
  }

  async #send(method: string, path: string, body = ""): Promise<string> {
    prepareControlDirectory();
    const [ssh = "ssh", ...options] = wordsOf(this.#sshPrefix);
    const child = spawn(ssh, [...options, "--", "docker", "system", "dial-stdio"], { stdio: "pipe" });
    const said = text(child.stderr);
    try {
      const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
      const { status, answer } = await exchange(stream, method, path, body);
      if (status < 400) return answer;
      throw new Problem(`Docker on the server ${this.server} refuses ${method} ${plain(path)}: ${reasonIn(answer)}`);
    } catch (error) {
      if (error instanceof Problem) throw error;
      child.kill();
      const reason = (await said).trim() || (error instanceof Error ? error.message : String(error));
      throw new Unreachable(`Docker on the server ${this.server} does not answer: ${reason}`);
    } finally {
      child.kill();
    }
  }
}

/** The server, or its engine, does not answer. */
export class Unreachable extends Problem {}

function exchange(stream: Duplex, method: string, path: string, body: string) {
  return new Promise<{ status: number; answer: string }>((resolve, reject) => {
    const headers = {
      Host: "docker",
      Connection: "close",
      ...(body !== "" && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
    };
    const call = request({ createConnection: () => stream, method, path, headers }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 500, answer }), reject);
    });
    const late = setTimeout(() => call.destroy(new Error("no answer after 60 s")), TIMEOUT_MS);
    call.on("close", () => clearTimeout(late));
    call.on("error", reject);
    call.end(body);
  });
}

/** The path without its parameters. */
function plain(path: string): string {
  return path.split("?", 1)[0] ?? path;
}

/** The engine's answers to errors are `{ "message": … }`. It never repeats a token. */
function reasonIn(answer: string): string {
  try {
    return String((JSON.parse(answer) as { message?: unknown }).message);
  } catch {
    return answer.trim();
  }
}
