import { type SpawnOptions, spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";

/** What a program did. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a program without a shell and collects what it prints. A program that is not there ends with status 127. */
export async function captured(
  program: string,
  words: string[],
  input = "",
  options: SpawnOptions = {},
): Promise<Ended> {
  const child = spawn(program, words, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  const ended = endOf(child);
  // A program that reads nothing may have ended before all is written; its status says what matters.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream ? buffer(stream) : Buffer.alloc(0))),
  );
  return { status: await ended, stdout: String(stdout), stderr: String(stderr) };
}

/** Runs a program at this terminal. Ctrl-C reaches it, and this command waits for its end. Gives its exit code. */
export async function shown(program: string, words: string[], options: SpawnOptions = {}): Promise<number> {
  const stay = () => undefined;
  process.on("SIGINT", stay);
  try {
    return await endOf(spawn(program, words, { stdio: "inherit", ...options }));
  } finally {
    process.off("SIGINT", stay);
  }
}

function endOf(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? resolve(127) : reject(error)));
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
