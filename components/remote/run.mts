import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withPreamble } from "../model/preamble.ts";
import { Problem } from "../model/problem.ts";
import { commandLine, wordsOf } from "../model/shell.ts";
import { prepareControlDirectory } from "./control-directory.ts";
import type { Place } from "./place.mts";
import { capture, runAttached } from "./program.mts";
import { awaitServer } from "./reach.mts";

interface Call {
  /** Arguments of the script. Default: none. */
  words?: string[];
  /** Standard input of the script. Default: empty. */
  input?: string;
}

/**
 * Runs a script of remote/scripts on the stack's machine and returns its standard output. Its standard error is passed on.
 * @throws Problem if the script fails or the server does not answer.
 */
export async function onServer(place: Place, script: string, { words = [], input = "" }: Call = {}): Promise<string> {
  const { status, stdout, stderr } = await attempt(place, script, { words, input });
  process.stderr.write(stderr);
  if (status !== 0)
    throw new Problem(`${script} ended with exit code ${status} on the server of the stack ${place.stack}.`);
  return stdout;
}

/** Like `onServer`, but returns exit code and standard error instead of failing. @throws Problem if the server does not answer. */
export async function attempt(place: Place, script: string, { words = [], input = "" }: Call = {}) {
  const [program, call] = callOf(place, script, words);
  await requireConnection(place);
  const result = await capture(program, call, input);
  // Exit code 255 is usually ssh's own: the shared connection may have been broken.
  if (result.status === 255) await requireConnection(place);
  return result;
}

interface InteractiveCall {
  words?: string[];
  /** Allocates a terminal on the server, so that Ctrl-C stops the program there. Default: false. */
  terminal?: boolean;
  /** Standard input of the script. Default: this command's own. */
  input?: string;
}

/** Runs a script with this command's own input and output, and returns its exit code. */
export async function runInteractively(
  place: Place,
  script: string,
  { words = [], terminal = false, input }: InteractiveCall = {},
): Promise<number> {
  const [program, call] = callOf(place, script, words, { terminal: terminal ? "here" : undefined });
  await requireConnection(place);
  const status = input === undefined ? await runAttached(program, call) : await runWithInput(program, call, input);
  if (status === 255) await requireConnection(place);
  return status;
}

function runWithInput(program: string, words: string[], input: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ["pipe", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Whether the shared ssh connection to a server is open. Sends nothing to the server. */
export async function isConnected({ sshPrefix }: Place): Promise<boolean> {
  const [ssh = "ssh", ...words] = wordsOf(sshPrefix);
  return (await capture(ssh, [...words, "-O", "check"])).status === 0;
}

interface CallOptions {
  /** Allocates a terminal on the server: `here` only if this command has one, `forced` always. Default: none. */
  terminal?: "here" | "forced" | undefined;
  /** Leaves out containers.sh, for a script that also runs without a Docker engine. Default: false. */
  withoutEngine?: boolean;
}

/**
 * The program and the arguments that run a script on the stack's machine. The script is passed as an argument, so its
 * standard input is free for data.
 */
export function callOf(
  { sshPrefix, project, stack }: Place,
  script: string,
  words: string[],
  { terminal, withoutEngine = false }: CallOptions = {},
): [string, string[]] {
  const files = [...(withoutEngine ? [] : ["containers.sh"]), ...(PARTS[script] ?? []), script];
  const source = withPreamble(files.map((file) => readFileSync(join(SCRIPTS, file), "utf8")).join(""));
  const shell = ["-c", source, "sh", project, stack, ...words];
  if (sshPrefix === "") return ["sh", shell];
  const [ssh = "ssh", ...options] = wordsOf(sshPrefix);
  // LogLevel=ERROR hides ssh's message that it closed a shared connection.
  const tty = terminal ? [terminal === "forced" ? "-tt" : "-t", "-o", "LogLevel=ERROR"] : [];
  return [ssh, [...tty, ...options, "--", commandLine(["sh", ...shell])]];
}

/** @throws Problem with the reason if the server does not answer. An open shared connection counts as an answer. */
async function requireConnection(place: Place): Promise<void> {
  if (place.sshPrefix === "") return;
  prepareControlDirectory();
  if (await isConnected(place)) return;
  await awaitServer({
    sshPrefix: place.sshPrefix,
    server: `The server of the stack ${place.stack}`,
    stack: place.stack,
    seconds: 0,
  });
}

/** Files that are prepended to a script that is split over several. */
const PARTS: Record<string, string[]> = {
  "restore.sh": [
    "restore-services.sh",
    // The backup container's own: a drill proves exactly the way that a restore takes.
    "../../data/backups/restore-database.sh",
    "restore-databases.sh",
    "restore-volumes.sh",
  ],
};
const SCRIPTS = join(import.meta.dirname, "scripts");
