import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withLabels } from "../model/labels.ts";
import { Problem } from "../model/problem.ts";
import { commandLine, wordsOf } from "../model/shell.ts";
import type { Place } from "./place.mts";
import { captured, shown } from "./program.mts";

interface Call {
  /** Arguments of the script. Default: none. */
  words?: string[];
  /** Its standard input. Default: empty. */
  input?: string;
}

/**
 * Runs a script of remote/scripts where the engine is and gives what it prints; its own messages go to standard error.
 * @throws Problem when it fails or the server cannot be reached.
 */
export async function onServer(place: Place, script: string, { words = [], input = "" }: Call = {}): Promise<string> {
  const { status, stdout, stderr } = await attempt(place, script, { words, input });
  process.stderr.write(stderr);
  if (status !== 0)
    throw new Problem(`${script} ended with exit code ${status} on the server of the stack ${place.stack}.`);
  return stdout;
}

/** The same; gives exit code and messages instead of failing. @throws Problem when the server cannot be reached. */
export async function attempt(place: Place, script: string, { words = [], input = "" }: Call = {}) {
  const [program, call] = callOf(place, script, words);
  await reachable(place);
  const ended = await captured(program, call, input);
  // Exit code 255 is most often ssh's own: a shared connection may have been dead.
  if (ended.status === 255) await reachable(place);
  return ended;
}

interface Attached {
  words?: string[];
  /** A terminal on the server too, so that Ctrl-C ends what runs there. Default: false. */
  terminal?: boolean;
  /** Standard input, where it is not this command's own. */
  input?: string;
}

/** Runs a script with this command's own input and output, and gives its exit code. */
export async function attached(
  place: Place,
  script: string,
  { words = [], terminal = false, input }: Attached = {},
): Promise<number> {
  const [program, call] = callOf(place, script, words, { terminal: terminal ? "here" : undefined });
  await reachable(place);
  const status = input === undefined ? await shown(program, call) : await fed(program, call, input);
  if (status === 255) await reachable(place);
  return status;
}

function fed(program: string, words: string[], input: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ["pipe", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Whether the shared connection to a server stands. Asks the server nothing. */
export async function isConnected({ reach }: Place): Promise<boolean> {
  const [ssh = "ssh", ...words] = wordsOf(reach);
  return (await captured(ssh, [...words, "-O", "check"])).status === 0;
}

interface CallOptions {
  /** A terminal on the server: where there is one here, or in any case. Default: none. */
  terminal?: "here" | "forced" | undefined;
  /** For a script that also runs where no engine is: it begins without containers.sh. Default: false. */
  withoutEngine?: boolean;
}

/** The program and its arguments that run a script where the engine is. The script is a word, so its input stays free. */
export function callOf(
  { reach, project, stack }: Place,
  script: string,
  words: string[],
  { terminal, withoutEngine = false }: CallOptions = {},
): [string, string[]] {
  const files = [...(withoutEngine ? [] : ["containers.sh"]), ...(PARTS[script] ?? []), script];
  const source = withLabels(files.map((file) => readFileSync(join(SCRIPTS, file), "utf8")).join(""));
  const shell = ["-c", source, "sh", project, stack, ...words];
  if (reach === "") return ["sh", shell];
  const [ssh = "ssh", ...options] = wordsOf(reach);
  // Without the remark that a shared connection was closed.
  const tty = terminal ? [terminal === "forced" ? "-tt" : "-t", "-o", "LogLevel=ERROR"] : [];
  return [ssh, [...tty, ...options, "--", commandLine(["sh", ...shell])]];
}

/** @throws Problem that says why the server cannot be reached. With a shared connection, the server is not asked. */
async function reachable(place: Place): Promise<void> {
  if (place.reach === "" || (await isConnected(place))) return;
  const environment = {
    ...process.env,
    SSH: place.reach,
    SERVER: `The server of the stack ${place.stack}`,
    WAIT_SECONDS: "0",
  };
  const { status, stderr } = await captured("sh", [join(HOST_SCRIPTS, "reach.sh")], "", { env: environment });
  if (status !== 0) throw new Problem(stderr.trim());
}

/** What comes before a script that is too long for one file. */
const PARTS: Record<string, string[]> = {
  "restore.sh": ["restore-services.sh", "restore-databases.sh", "restore-volumes.sh"],
};
const SCRIPTS = join(import.meta.dirname, "scripts");
const HOST_SCRIPTS = join(import.meta.dirname, "../host/scripts");
