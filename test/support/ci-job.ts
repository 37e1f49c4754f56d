import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa, type ResultPromise } from "execa";
import { SmallProject } from "./small-project";

const JOB = { stdin: "ignore", all: true, reject: false, detached: true } as const;

/**
 * A job of CI that deploys the small project: a shallow clone with a detached HEAD, a HOME of its own, no terminal, no known hosts, no SSH
 * agent, no variable of this process but PATH and those of Pulumi, and another host name.
 */
export class CiJob {
  readonly #folder = mkdtempSync(join(tmpdir(), "berth-job-"));
  readonly clone = join(this.#folder, "clone");
  readonly #variables: Record<string, string>;

  private constructor(
    readonly host: string,
    variables: Record<string, string>,
  ) {
    const home = join(this.#folder, "home");
    mkdirSync(home);
    const { PATH = "", PULUMI_HOME = "" } = process.env;
    this.#variables = { PATH, PULUMI_HOME, HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true", ...variables };
  }

  static async start(origin: string, host: string, variables: Record<string, string>): Promise<CiJob> {
    const job = new CiJob(host, variables);
    await execa("git", ["clone", "--quiet", "--depth", "1", `file://${origin}`, job.clone]);
    await execa("git", ["checkout", "--quiet", "--detach"], { cwd: job.clone });
    symlinkSync(resolve("node_modules"), join(job.clone, "node_modules"));
    return job;
  }

  /** Starts `berth` in a session of its own, so that `kill` ends all of it. */
  berth(...words: string[]): ResultPromise<typeof JOB> {
    const command = `cd ${this.clone} && hostname ${this.host} && exec berth "$@" --stack test`;
    const environment = Object.entries(this.#variables).map(([name, value]) => `${name}=${value}`);
    const program = ["unshare", "--uts", "sh", "-c", command, "sh", ...words];
    return execa("env", ["--ignore-environment", ...environment, ...program], JOB);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

interface Repository {
  folder: string;
  /** Commits a file of another folder, e.g. of a clone. */
  commit: (file: string, from: string) => Promise<void>;
  remove: () => void;
}

/** A repository with the small project for a server, whose key is in no setting. */
export async function repository(settings: Record<string, unknown>): Promise<Repository> {
  const { serverKeyFile: _, ...others } = settings;
  const project = new SmallProject({ ...others, drainSeconds: 2 });
  const folder = mkdtempSync(join(tmpdir(), "berth-origin-"));
  cpSync(project.folder, folder, { recursive: true, filter: (path) => !/node_modules|\.pulumi-state/.test(path) });
  project.remove();
  const git = (...words: string[]) =>
    execa("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...words], { cwd: folder });
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "Begin");
  const commit = async (file: string, from: string) => {
    cpSync(join(from, file), join(folder, file));
    await git("add", file);
    await git("commit", "--quiet", "--message", `Add ${file}`);
  };
  return { folder, commit, remove: () => rmSync(folder, { recursive: true }) };
}

/** The text of a private key, as a variable of CI has it. */
export function keyText(file: string): string {
  return readFileSync(file, "utf8");
}
