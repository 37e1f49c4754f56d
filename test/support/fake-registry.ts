import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A registry on this machine, without TLS. It answers what a test sets, else 404. */
export class FakeRegistry {
  /** Answers by path, e.g. `/v2/base/manifests/1`. One that asks for a sign-in is 200 with any sign-in. */
  answers: Record<string, Answer> = {};
  /** The requests: method, path, and the header Authorization. */
  requests: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? "anonymous"}`);
      const { status, headers = {}, body = "" } = this.answers[`${request.url}`] ?? { status: 404 };
      const signedIn = headers["www-authenticate"] !== undefined && request.headers.authorization !== undefined;
      response.writeHead(signedIn ? 200 : status, headers).end(request.method === "HEAD" ? undefined : body);
    });
  }

  static async start(): Promise<FakeRegistry> {
    const registry = new FakeRegistry();
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** Host and port, as in image names. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Serves an image under a tag, with this digest; given platforms, as an index of their images. */
  serve(name: string, tag: string, digest: string, platforms?: Record<string, string>): void {
    const manifests = Object.entries(platforms ?? {}).map(([platform, of]) => {
      const [os = "", architecture = ""] = platform.split("/");
      return { digest: of, platform: { os, architecture } };
    });
    const body = JSON.stringify(platforms ? { manifests } : {});
    for (const version of [tag, digest]) {
      const headers = { "docker-content-digest": digest };
      this.answers[`/v2/${name}/manifests/${version}`] = { status: 200, headers, body };
    }
  }

  stop(): Promise<unknown> {
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
