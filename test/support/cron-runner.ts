import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { runnerFiles } from "../../components/cron/runner";

interface Options {
  /** Five fields. Default: never in a test. */
  schedule?: string;
  overlap?: "forbid" | "replace" | "allow";
  missed?: "run" | "skip";
  timeout?: number;
}

/** The volume of a scheduled job, with runners that are processes of this machine in place of containers. */
export class Job {
  readonly journal: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "berth-cron-"));
  readonly #runners: Runner[] = [];

  constructor() {
    this.journal = join(this.#folder, "volume", "journal");
    mkdirSync(this.journal, { recursive: true });
  }

  /** Starts a runner as the first process of a container, with its own folder in memory. */
  start(command: string[], options: Options = {}): Runner {
    const runner = new Runner(join(this.#folder, `container-${this.#runners.length}`), this.journal, command, options);
    this.#runners.push(runner);
    return runner;
  }

  note(name: string, text: string): void {
    writeFileSync(join(this.journal, name), `${text}\n`);
  }

  read(name: string): string {
    const file = join(this.journal, name);
    return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  }

  async remove(): Promise<void> {
    for (const runner of this.#runners) runner.kill();
    await Promise.all(this.#runners.map((runner) => runner.ended));
    rmSync(this.#folder, { recursive: true });
  }
}

/** One runner, as in a container. */
export class Runner {
  /** What it has printed. */
  log = "";
  readonly ended: Promise<void>;
  /** Its own folder in memory. */
  readonly own: string;
  readonly #script: string;
  readonly #env: Record<string, string>;
  readonly #process: ChildProcess;

  constructor(folder: string, journal: string, command: string[], options: Options) {
    this.own = join(folder, "own");
    mkdirSync(this.own, { recursive: true });
    for (const [path, text] of Object.entries(runnerFiles("UTC"))) {
      const moved = text.replace(/^journal=.*$/m, `journal=${journal} own=${this.own}`);
      writeFileSync(join(folder, path.replace(/^.*\//, "")), moved);
    }
    this.#script = join(folder, "cron.sh");
    const { schedule = "0 0 1 1 *", overlap = "forbid", missed = "run", timeout = 60 } = options;
    this.#env = {
      CRON_SCHEDULE: schedule,
      CRON_TIME_ZONE: "UTC",
      CRON_OVERLAP: overlap,
      CRON_MISSED: missed,
      CRON_TIMEOUT: String(timeout),
    };
    this.#process = spawn("sh", [this.#script, "keep", ...command], {
      env: { ...process.env, ...this.#env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that it can be killed like a container.
      detached: true,
    });
    this.#process.stdout?.on("data", (text) => {
      this.log += text;
    });
    this.#process.stderr?.on("data", (text) => {
      this.log += text;
    });
    this.ended = new Promise((resolve) => this.#process.once("exit", () => resolve()));
  }

  /** Exit code, once it has ended. */
  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  /** What `docker stop` sends first. */
  stop(): void {
    this.#process.kill("SIGTERM");
  }

  /** Ends it at once with its runs, as a power failure does. */
  kill(): void {
    for (const session of this.#sessions()) signal(session);
    if (this.#process.pid !== undefined) signal(-this.#process.pid);
  }

  /** A command of the runner, as `docker exec` starts it. */
  exec(word: string) {
    return execa("sh", [this.#script, word], { env: this.#env, reject: false });
  }

  /** The runs, each in a session of its own. */
  #sessions(): number[] {
    return [...this.log.matchAll(/^session (\d+)$/gm)].map(([, id]) => -Number(id));
  }
}

function signal(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended.
  }
}
