import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { type Thresholds, watchScript } from "../../components/alerts/watch-script";

const THRESHOLDS: Thresholds = {
  afterMinutes: 3,
  reminderHours: 24,
  releases: true,
  outside: true,
  diskPercent: 10,
  memoryPercent: 5,
  certificateDays: 14,
  restarts: 3,
  updateDays: 7,
};

interface Site {
  url?: string;
  trusted?: boolean;
  swarm?: boolean;
}

/**
 * A server in a folder with the real watch of the stack shop/prod. Fake programs on PATH answer from files of the folder, and so do the
 * kernel's files. Time is the caller's.
 */
export class WatchedServer {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-alerts-"));
  /** Seconds since 1970. */
  now = 1_800_000_000;

  constructor(thresholds: Partial<Thresholds> = {}, { url = "", trusted = false, swarm = false }: Site = {}) {
    const watched = {
      project: "shop",
      stack: "prod",
      url,
      trusted,
      swarm,
      thresholds: { ...THRESHOLDS, ...thresholds },
    };
    const script = watchScript(watched)
      .replaceAll(/\/proc\/(meminfo|vmstat|uptime)/g, `${this.folder}/proc/$1`)
      .replaceAll("/var/run/reboot-required", `${this.folder}/reboot-required`)
      .replaceAll("/run/berth/reboot", `${this.folder}/announced`);
    this.write("lib/alerts/watch.sh", script);
    for (const [name, program] of Object.entries(PROGRAMS)) {
      this.write(`bin/${name}`, `#!/bin/sh\nroot=${this.folder}\n${program}\n`);
      chmodSync(join(this.folder, "bin", name), 0o755);
    }
    this.write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 500 kB\n");
    this.write("proc/vmstat", "oom_kill 0\n");
    this.write("proc/uptime", "86400.00 1.00\n");
    this.write("df", "1000 500");
    this.write("inodes", "1000 500");
    this.write("nodes", "alpha ready\nbeta ready\n ready\n");
    this.write("services", "3/3 s1\n");
    this.answer("200");
    this.containers(NGINX, WEB);
    this.targets("");
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  delete(file: string): void {
    rmSync(join(this.folder, file), { force: true });
  }

  /** Names of the messages that wait for delivery. */
  queued(): string[] {
    return readdirSync(join(this.folder, "lib/alerts/outbox"));
  }

  targets(...lines: string[]): void {
    this.write("lib/alerts/targets", lines.map((line) => `${line}\n`).join(""));
  }

  /** Lines of `docker inspect`: id|name|service|backups|status|exit code|health|restarts|restart policy. */
  containers(...lines: string[]): void {
    this.write("containers", lines.map((line) => `${line}\n`).join(""));
  }

  /** The answer of nginx inside. */
  answer(code: string, more = ""): void {
    this.write("answer", `{}\n=${code}=\n${more}`);
  }

  /** Runs the watch after some seconds. Returns what it printed, which should be nothing. */
  async watch(seconds = 60, env: Record<string, string> = {}): Promise<string> {
    this.now += seconds;
    return this.#run("watch", env);
  }

  /** Runs it every minute. */
  async watchFor(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) await this.watch();
  }

  /** Sends a test message to each target. */
  test(env: Record<string, string> = {}): Promise<string> {
    return this.#run("test", env);
  }

  /** What the watch remembers: keys of conditions with their state. */
  conditions(): Record<string, string> {
    const lines = this.read("lib/alerts/conditions").split("\n").filter(Boolean);
    return Object.fromEntries(lines.map((line) => line.split("\t").slice(0, 2)));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  async #run(word: string, env: Record<string, string>): Promise<string> {
    const path = `${this.folder}/bin:/usr/bin:/bin`;
    const words = [`${this.folder}/lib/alerts/watch.sh`, word, String(this.now)];
    const { stdout, stderr } = await execa("sh", words, { env: { PATH: path, ...env }, extendEnv: false });
    return `${stdout}${stderr}`;
  }
}

export const NGINX = "id-nginx|/shop-prod-nginx-1|nginx||running|0|healthy|0|always";
export const WEB = "id-web|/shop-prod-web-1|web||running|0|healthy|0|always";

const PROGRAMS: Record<string, string> = {
  docker: `[ ! -e $root/engine-down ] || exit 1
case "$*" in
  version*) echo 28.2.2 ;;
  "node ls"*) [ ! -e $root/no-quorum ] && echo n1 n2 ;;
  "node inspect"*) cat $root/nodes ;;
  "service ls"*) cat $root/services ;;
  "service inspect"*) echo web ;;
  "ps --all --quiet --filter is-task=false --filter label=berth.project=shop --filter label=berth.stack=prod") cut -d '|' -f 1 $root/containers ;;
  ps*berth.healthPath*) grep -o '^id-nginx' $root/containers ;;
  ps*berth.behindDoor*) [ ! -e $root/door ] || echo id-nginx ;;
  ps*berth.joins*) grep -o running $root/door ;;
  ps*berth.backups*) [ ! -e $root/backups ] || echo id-backups ;;
  ps*berth.pointInTime*) [ ! -e $root/archive ] || echo id-backups ;;
  exec*"backups.sh archive") cat $root/archive ;;
  inspect*'{{.ID}}|'*) cat $root/containers ;;
  inspect*healthPath*) echo /alive ;;
  "exec id-nginx cat"*) cat $root/maintenance 2>/dev/null ;;
  "exec id-nginx curl"*) cat $root/answer ;;
  exec*sed*) sed -n 2p $root/door ;;
  exec*backups.sh*) cat $root/backups; ! grep -q 'Not well' $root/backups ;;
  "image ls"*) cat $root/releases 2>/dev/null ;;
  "image inspect"*) echo "ada|Say hello|" ;;
  info*DriverStatus*) echo "/docker|" ;;
  info*) echo /docker ;;
  cp*) path=\${2#*:}; tar -c -C $root/files/\${path%/*} \${path##*/} ;;
esac`,
  // Total and free.
  df: 'file=df; [ "$1" != -Pi ] || file=inodes; read -r total free <$root/$file; printf "head\\nx %s 1 %s 1%% /\\n" "$total" "$free"',
  timedatectl: "cat $root/synchronized 2>/dev/null || echo yes",
  "apt-get": "cat $root/upgrades 2>/dev/null; true",
  hostname: "echo web1",
};

interface Request {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real HTTP server that receives messages. */
export class Receiver {
  readonly requests: Request[] = [];
  /** Status code of its answers. */
  status = 200;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", async (request, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method = "", url: path = "", headers } = request;
      receiver.requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      answer.writeHead(receiver.status).end("an answer");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Titles of the messages for a webhook since the last call. */
  titles(): string[] {
    return this.requests.splice(0).map(({ body }) => JSON.parse(body).title);
  }

  stop(): void {
    this.#server.close();
  }
}
