import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { auditFolder } from "../../model/audit.ts";
import { splitOutput } from "../../remote/output.mts";
import type { Place } from "../../remote/place.mts";
import { callOf } from "../../remote/run.mts";
import { separatePrefix } from "../doctor/observe/server.mts";
import { type DeployRun, parseRun } from "./deploy-run.mts";

/** What the server says about the lock of a stack's deployment. */
export type LockAnswer =
  | { kind: "held"; run: DeployRun | undefined }
  /** `killed` held it before and did not end it. */
  | { kind: "free"; killed: DeployRun | undefined; connection: Connection }
  /** Neither the account nor the engine can make a lock there, e.g. before the first deployment. */
  | { kind: "none" };

const HEARTBEAT_MS = 10_000;
const AGAIN_MS = 5_000;
/** A server that does not answer keeps no deployment waiting longer. */
const ANSWER_MS = 30_000;

/** A connection that holds the lock on the server: sshd ends the script there when this process or its machine dies. */
export class Connection {
  readonly #child: ChildProcess;
  readonly #timer: NodeJS.Timeout;

  constructor(child: ChildProcess) {
    this.#child = child;
    // The script may have ended.
    child.stdin?.on("error", () => undefined);
    this.#timer = setInterval(() => child.stdin?.write("beat\n"), HEARTBEAT_MS).unref();
  }

  /** Names the run that holds the lock from now on. Until then, the server remembers the run before. */
  hold(run: DeployRun): void {
    this.#child.stdin?.write(`${JSON.stringify(run)}\n`);
  }

  /** Resolves when the connection is closed, by `end` or because it broke. */
  async closed(): Promise<void> {
    // Without a process id, ssh is not installed.
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) await once(this.#child, "exit");
    clearInterval(this.#timer);
  }

  /** Releases the lock. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#child.stdin?.end("end\n");
    await this.closed();
  }

  /** Closes the connection without ending the run that the server remembers. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    this.#child.stdin?.end();
    await this.closed();
  }
}

/**
 * Asks for the lock, through a connection of its own: the preparation of a server closes the shared one.
 * @throws Error if the server does not answer, or cannot have a lock.
 */
export async function askForLock(place: Place): Promise<LockAnswer> {
  const separate = { ...place, sshPrefix: separatePrefix(place.sshPrefix) };
  const [program, words] = callOf(separate, "deploy-lock.sh", [auditFolder(place.sshPrefix)], { withoutEngine: true });
  // In a process group of its own, which Ctrl-C does not reach: Pulumi still has to stop.
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "ignore"], detached: true });
  const connection = new Connection(child);
  const [kind = "", run = ""] = (await answerOf(child)).split(" ");
  if (kind === "free") return { kind, killed: parseRun(run), connection };
  await connection.leave();
  if (kind === "held") return { kind, run: parseRun(run) };
  if (kind === "none") return { kind };
  throw new Error("The server does not answer.");
}

/** The first line after what the login shell prints; empty if there is none. */
async function answerOf(child: ChildProcess): Promise<string> {
  let printed = "";
  if (!child.stdout) return "";
  child.on("error", () => child.stdout?.destroy());
  const timer = setTimeout(() => child.kill(), ANSWER_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      printed += `${line}\n`;
      const [answer] = /^(free|held|none)\b.*$/m.exec(splitOutput(printed).output) ?? [];
      if (answer !== undefined) return answer;
    }
    return "";
  } finally {
    clearTimeout(timer);
  }
}

/** Takes the lock back after the connection broke, until `stopped`. Returns the run that has taken it meanwhile, if one has. */
export async function retake(
  place: Place,
  stopped: AbortSignal,
): Promise<{ connection?: Connection; taken?: DeployRun | undefined }> {
  while (!stopped.aborted) {
    const answer = await askForLock(place).catch(() => undefined);
    if (answer?.kind === "free") return { connection: answer.connection };
    if (answer?.kind === "held") return { taken: answer.run };
    await pause(AGAIN_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
  return {};
}
