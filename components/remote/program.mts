import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";

/** Exit code and output of a finished program. */
export interface ProgramResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a program without a shell and captures its output. The status is 127 if the program is not installed. */
export async function capture(
  program: string,
  words: string[],
  input = "",
  options: SpawnOptions = {},
): Promise<ProgramResult> {
  const child = spawn(program, words, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  const status = exitCodeOf(child);
  // A program that does not read its input may exit before all of it is written. Its status is what counts.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream ? buffer(stream) : Buffer.alloc(0))),
  );
  return { status: await status, stdout: String(stdout), stderr: String(stderr) };
}

/**
 * Runs a program with this command's input and output, and returns its exit code. On Ctrl-C it waits for the program to exit. Calls
 * `started` with the process id.
 */
export async function runAttached(
  program: string,
  words: string[],
  options: SpawnOptions = {},
  started?: (pid: number) => void,
): Promise<number> {
  const child = spawn(program, words, { stdio: "inherit", ...options });
  if (child.pid !== undefined) started?.(child.pid);
  return untilClosed(child);
}

/** Exit code of a program that runs. On Ctrl-C, which it receives too, this process waits for it. */
export async function untilClosed(child: ChildProcess): Promise<number> {
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    return await exitCodeOf(child);
  } finally {
    process.off("SIGINT", ignore);
  }
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? resolve(127) : reject(error)));
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
