import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { request as requestOverTls } from "node:https";
import { execa } from "execa";
import { type Files, foldersOf, packFiles } from "../../components/app/files";
import { errorPages } from "../../components/edge/error-pages";
import { type NginxConfVariables, renderNginxConf } from "../../components/edge/nginx-conf";
import { testLabel } from "../servers/stale-containers";
import { localDocker } from "./local-docker";
import { freePort } from "./ports";

export interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  tls?: boolean;
}

/** A network of this machine's Docker with one upstream and an nginx that runs as in an edge. */
export class EdgeNetwork {
  readonly #app: string;
  readonly #containers: string[];

  private constructor(readonly name: string) {
    this.#app = `${name}-app`;
    this.#containers = [this.#app];
  }

  static async start(): Promise<EdgeNetwork> {
    const network = new EdgeNetwork(`berth-edge-${randomBytes(3).toString("hex")}`);
    await localDocker("network", "create", ...testLabel, network.name);
    const program = readFileSync("test/support/edge-upstream.mjs", "utf8");
    const node = ["node:24-alpine", "node", "--input-type=module", "--eval", program];
    await localDocker("run", "--detach", ...testLabel, "--network", network.name, "--name", network.#app, ...node);
    return network;
  }

  /** Starts nginx of the official image with only the files a gate copies. `more` are options of `docker create`. */
  async nginx(
    variables: Omit<NginxConfVariables, "upstreams">,
    files: Files = {},
    more: string[] = [],
  ): Promise<RunningEdge> {
    const name = `${this.name}-${this.#containers.length}`;
    this.#containers.push(name);
    const ports = { http: await freePort(), https: await freePort() };
    const all = {
      "/etc/nginx/nginx.conf": renderNginxConf(undefined, { ...variables, upstreams: { app: [`${this.#app}:3000`] } }),
      ...errorPages({ title: "Example" }),
      ...files,
    };
    const published = ["--publish", `127.0.0.1:${ports.http}:80`, "--publish", `127.0.0.1:${ports.https}:443`];
    const allowed = ["--user", "101:101", "--cap-drop", "ALL", "--sysctl", "net.ipv4.ip_unprivileged_port_start=0"];
    const volumes = [...foldersOf(all), "/var/tmp"].flatMap((folder) => ["--volume", folder]);
    const tmpfs = ["/run/nginx", "/tmp"].flatMap((path) => ["--tmpfs", `${path}:uid=101,gid=101,mode=0700`]);
    const kind = ["--read-only", "--stop-signal", "SIGQUIT", "--network", this.name, "--name", name];
    await localDocker(
      "create",
      ...testLabel,
      ...kind,
      ...published,
      ...allowed,
      ...volumes,
      ...tmpfs,
      ...more,
      "nginx:alpine",
    );
    for (const line of packFiles(all, "101:101").trim().split("\n")) {
      const [folder, archive = ""] = line.split(" ");
      await execa("docker", ["cp", "-", `${name}:${folder}`], { input: Buffer.from(archive, "base64") });
    }
    await localDocker("start", name);
    return new RunningEdge(name, ports);
  }

  async stopUpstream(): Promise<void> {
    await localDocker("stop", "--time", "1", this.#app);
  }

  async remove(): Promise<void> {
    await localDocker("rm", "--force", "--volumes", ...this.#containers);
    await localDocker("network", "rm", this.name);
  }
}

export class RunningEdge {
  constructor(
    readonly container: string,
    readonly ports: { http: number; https: number },
  ) {}

  /** Sends a request as a visitor; redirects are not followed. */
  ask(path: string, { method = "GET", headers = {}, body, tls = false }: Asked = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const port = tls ? this.ports.https : this.ports.http;
      const options = { host: "127.0.0.1", port, path, method, headers, agent: false, maxHeaderSize: 65_536 };
      const asked = (tls ? requestOverTls : request)({ ...options, rejectUnauthorized: false }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** Sends a request from nginx's own container, as `make status` does. @returns the status. */
  askInside(url: string, ...options: string[]): Promise<string> {
    const curl = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", ...options];
    return localDocker("exec", this.container, ...curl, url);
  }

  socket(path: string): Socket {
    return new Socket(`ws://127.0.0.1:${this.ports.http}${path}`);
  }
}

/** A WebSocket client that sends one message after another. */
export class Socket {
  readonly #socket: WebSocket;
  /** Seconds between opening and closing. */
  readonly closed: Promise<number>;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.closed = new Promise((resolve) => {
      let opened = Date.now();
      this.#socket.addEventListener("open", () => {
        opened = Date.now();
      });
      this.#socket.addEventListener("close", () => resolve((Date.now() - opened) / 1000));
    });
  }

  async open(): Promise<this> {
    await once(this.#socket, "open");
    return this;
  }

  async echo(text: string): Promise<unknown> {
    const heard = once(this.#socket, "message");
    this.#socket.send(text);
    return ((await heard) as MessageEvent).data;
  }

  close(): void {
    this.#socket.close();
  }
}

function once(socket: WebSocket, event: "open" | "message"): Promise<Event> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(event, resolve, { once: true });
    socket.addEventListener("error", () => reject(new Error(`no ${event} of the WebSocket`)), { once: true });
  });
}
