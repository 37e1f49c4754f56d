import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../components/shell.ts";
import { projectName } from "./project.mts";

/** What went wrong, in words for people. */
export class Problem extends Error {}

/** Node's own, as loading a library for it would take a third of the time of a look at a server. */
const AS_TEXT = { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 } as const;

/** Runs Pulumi on a stack and gives what it prints. @throws Problem with what it said. */
export async function pulumi(stack: string, words: string[], input = ""): Promise<string> {
  const { stdout, stderr, status } = spawnSync("pulumi", [...words, "--stack", stack, "--color", "never"], {
    input,
    ...AS_TEXT,
  });
  if (status !== 0) throw new Problem(`pulumi ${words.slice(0, 2).join(" ")} failed:\n${stderr || stdout}`);
  return stdout;
}

/**
 * Runs a script of operate/on-server where the engine is and gives what it prints; its own messages go to standard error.
 * @throws Problem when it fails or the server cannot be reached.
 */
export async function onServer(
  reach: string,
  stack: string,
  script: string,
  { words = [], input = "" }: { words?: string[]; input?: string } = {},
): Promise<string> {
  const source = ["containers.sh", script]
    .map((file) => readFileSync(join(import.meta.dirname, "on-server", file), "utf8"))
    .join("");
  const line = commandLine(["sh", "-c", source, "sh", projectName(), stack, ...words]);
  const call = reach === "" ? line : `${reach} -- ${commandLine([line])}`;
  const { stdout, status } = spawnSync("sh", ["-c", call], { input, stdio: ["pipe", "pipe", "inherit"], ...AS_TEXT });
  if (status === 255) throw new Problem(`The server of the stack ${stack} cannot be reached.`);
  if (status !== 0) throw new Problem(`${script} ended with exit code ${status} where the stack ${stack} stands.`);
  return stdout;
}

/** Whether the shared connection is there. Nothing is asked of the server. */
export function isConnected(reach: string): boolean {
  return spawnSync("sh", ["-c", `${reach} -O check`], { stdio: "ignore" }).status === 0;
}
