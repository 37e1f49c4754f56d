import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Duplex, PassThrough, type Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { withPreamble } from "../model/preamble.ts";
import { Problem } from "../model/problem.ts";
import { loginShellLine, wordsOf } from "../model/shell.ts";
import { prepareControlDirectory } from "./control-directory.ts";
import { withMarker } from "./marker.ts";
import { afterMarker, splitOutput } from "./output.mts";
import type { Place } from "./place.mts";
import { capture, runAttached, untilClosed } from "./program.mts";
import { awaitServer } from "./reach.mts";
import { afterPassword, SUDO, sudoInput } from "./sudo.mts";

interface Call {
  /** Arguments of the script. Default: none. */
  words?: string[];
  /** Standard input of the script. Default: empty. */
  input?: string;
  /** See `CallOptions`. */
  withoutEngine?: boolean;
}

/**
 * Runs a script of remote/scripts on the stack's machine and returns its standard output. Its standard error is passed on.
 * @throws Problem if the script fails or the server does not answer.
 */
export async function onServer(place: Place, script: string, options: Call = {}): Promise<string> {
  const { status, stdout, stderr } = await attempt(place, script, options);
  process.stderr.write(stderr);
  if (status !== 0)
    throw new Problem(`${script} ended with exit code ${status} on the server of the stack ${place.stack}.`);
  return stdout;
}

/** Like `onServer`, but returns exit code and standard error instead of failing. @throws Problem if the server does not answer. */
export async function attempt(
  place: Place,
  script: string,
  { words = [], input = "", withoutEngine = false }: Call = {},
) {
  const [program, call] = callOf(place, script, words, { withoutEngine });
  await requireConnection(place);
  const result = await capture(program, call, input);
  // Exit code 255 is usually ssh's own: the shared connection may have been broken.
  if (result.status === 255) await requireConnection(place);
  const [stdout, stderr] = [splitOutput(result.stdout).output, splitOutput(result.stderr).output];
  return { ...result, stdout, stderr };
}

export interface InteractiveCall {
  words?: string[];
  /** Allocates a terminal on the server, so that Ctrl-C stops the program there. Default: false. */
  terminal?: boolean;
  /** Standard input of the script. Default: this command's own. */
  input?: string;
  /** See `CallOptions`. */
  withoutEngine?: boolean;
  /** Runs the script as root, through sudo with this password. Default: as the account. */
  password?: string | undefined;
}

/** Runs a script with this command's own input and output, and returns its exit code. */
export async function runInteractively(
  place: Place,
  script: string,
  { words = [], terminal = false, input: data, withoutEngine = false, password }: InteractiveCall = {},
): Promise<number> {
  const withTerminal = terminal && process.stdin.isTTY;
  const asRoot = password !== undefined;
  const input = asRoot ? sudoInput(password, data) : data;
  const [program, call] = callOf(place, script, words, {
    terminal: withTerminal ? "here" : undefined,
    withoutEngine,
    asRoot,
  });
  await requireConnection(place);
  const direct = withTerminal || (place.sshPrefix === "" && input === undefined);
  const status = direct ? await runAttached(program, call) : await runPiped(program, call, filterOf(place), input);
  if (status === 255) await requireConnection(place);
  return status;
}

async function runPiped(program: string, words: string[], filter: () => Duplex, input?: string): Promise<number> {
  const child = spawn(program, words, { stdio: [input === undefined ? "inherit" : "pipe", "pipe", "pipe"] });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  const passOn = (from: Readable | null, to: Writable) =>
    // A reader such as `head` may close the output early.
    from && pipeline(from, filter(), to, { end: false }).catch(() => child.kill("SIGPIPE"));
  const [status] = await Promise.all([
    untilClosed(child),
    passOn(child.stdout, process.stdout),
    passOn(child.stderr, process.stderr),
  ]);
  return status;
}

/** Calls back with each line that a script prints, until this process is interrupted or the script ends. */
export async function follow(place: Place, script: string, words: string[], each: (line: string) => void) {
  // With a terminal on the server, sshd stops the script when the connection closes.
  const [program, call] = callOf(place, script, words, { terminal: "forced" });
  const child = spawn(program, call, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout.pipe(filterOf(place)()) });
  lines.on("line", (line) => each(line.replace(/\r$/, "")));
  await once(child, "close");
}

/** Without ssh, there is no login shell that prints. */
function filterOf({ sshPrefix }: Place): () => Duplex {
  return sshPrefix === "" ? () => new PassThrough() : afterMarker;
}

/** Whether the shared ssh connection to a server is open. Sends nothing to the server. */
export async function isConnected({ sshPrefix }: Place): Promise<boolean> {
  const [ssh = "ssh", ...words] = wordsOf(sshPrefix);
  return (await capture(ssh, [...words, "-O", "check"])).status === 0;
}

/** Closes the shared ssh connection to a server, so that the next call signs in again. */
export async function closeConnection({ sshPrefix }: Place): Promise<void> {
  const [ssh = "ssh", ...words] = wordsOf(sshPrefix);
  await capture(ssh, [...words, "-O", "exit"]);
}

interface CallOptions {
  /** Allocates a terminal on the server: `here` only if this command has one, `forced` always. Default: none. */
  terminal?: "here" | "forced" | undefined;
  /** Leaves out containers.sh, for a script that also runs without a Docker engine. Default: false. */
  withoutEngine?: boolean;
  /** Runs the script as root, through sudo; its standard input is `sudoInput`. Default: as the account. */
  asRoot?: boolean;
}

/**
 * The program and the arguments that run a script on the stack's machine. The script is passed as an argument, so its
 * standard input is free for data.
 */
export function callOf(
  { sshPrefix, project, stack }: Place,
  script: string,
  words: string[],
  { terminal, withoutEngine = false, asRoot = false }: CallOptions = {},
): [string, string[]] {
  const files = [...(withoutEngine ? [] : ["containers.sh"]), ...(PARTS[script] ?? []), script];
  const source = withPreamble(files.map((file) => readFileSync(join(SCRIPTS, file), "utf8")).join(""));
  const shell = (text: string) => ["-c", text, "sh", project, stack, ...words];
  if (sshPrefix === "") return ["sh", shell(source)];
  const [ssh = "ssh", ...options] = wordsOf(sshPrefix);
  // LogLevel=ERROR hides ssh's message that it closed a shared connection.
  const tty = terminal ? [terminal === "forced" ? "-tt" : "-t", "-o", "LogLevel=ERROR"] : [];
  // With a terminal, standard error is the same stream; a person sees its output as it is.
  const marked = terminal === "here" ? source : withMarker(source, terminal === "forced" ? "stdout" : "both");
  const program = asRoot ? [...SUDO, "sh", ...shell(afterPassword(marked))] : ["sh", ...shell(marked)];
  return [ssh, [...tty, ...options, "--", loginShellLine(program)]];
}

/** @throws Problem with the reason if the server does not answer. An open shared connection counts as an answer. */
async function requireConnection(place: Place): Promise<void> {
  if (place.sshPrefix === "") return;
  prepareControlDirectory();
  if (await isConnected(place)) return;
  await awaitServer({
    sshPrefix: place.sshPrefix,
    server: `The server ${place.server === undefined ? "" : `${place.server} `}of the stack ${place.stack}`,
    stack: place.stack,
    seconds: 0,
  });
}

/** Files that are prepended to a script that is split over several. */
const PARTS: Record<string, string[]> = {
  "alerts.sh": ["audit-line.sh"],
  "alerts-test.sh": ["audit-line.sh"],
  "audit.sh": ["audit-line.sh"],
  "audit-log.sh": ["audit-line.sh"],
  "containers-of.sh": ["journal.sh"],
  "cron-run.sh": ["audit-line.sh"],
  "deploy-lock.sh": ["audit-line.sh"],
  "exec.sh": ["audit-line.sh"],
  "journal-follow.sh": ["journal.sh"],
  "journal-log.sh": ["journal.sh"],
  "prepare/allow-account.sh": ["prepare/step.sh"],
  "prepare/configure-engine.sh": ["prepare/step.sh", "prepare/engine-answers.sh"],
  "prepare/configure-sshd.sh": ["prepare/step.sh"],
  "prepare/end-services.sh": ["../../app/scripts/end-service.sh"],
  "prepare/install-packages.sh": ["prepare/step.sh", "prepare/apt.sh"],
  "prepare/restore-names.sh": ["prepare/step.sh", "prepare/engine-answers.sh"],
  "prepare/update-packages.sh": ["prepare/step.sh", "prepare/apt.sh"],
  "remove-traces.sh": ["../../door/scripts/routes.sh"],
  "restore.sh": [
    "restore-swarm.sh",
    "restore-services.sh",
    // The backup container's own: a drill proves exactly the way that a restore takes.
    "../../data/backups/restore-database.sh",
    "restore-databases.sh",
    "restore-volumes.sh",
  ],
  "traces.sh": ["audit-line.sh", "../../door/scripts/routes.sh"],
  "status.sh": ["facts.sh"],
};
const SCRIPTS = join(import.meta.dirname, "scripts");
