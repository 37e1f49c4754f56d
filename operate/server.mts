import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { commandLine } from "../components/shell.ts";
import { projectName } from "./project.mts";

/** What went wrong, in words for people. */
export class Problem extends Error {}

/** Runs Pulumi on a stack and gives what it prints. @throws Problem with what it said. */
export async function pulumi(stack: string, words: string[], input = ""): Promise<string> {
  const { stdout, stderr, failed } = await execa("pulumi", [...words, "--stack", stack, "--color", "never"], {
    input,
    reject: false,
  });
  if (failed) throw new Problem(`pulumi ${words.slice(0, 2).join(" ")} failed:\n${stderr || stdout}`);
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
  const { stdout, exitCode } = await execa("sh", ["-c", call], { input, stderr: "inherit", reject: false });
  if (exitCode === 255) throw new Problem(`The server of the stack ${stack} cannot be reached.`);
  if (exitCode !== 0) throw new Problem(`${script} ended with exit code ${exitCode} where the stack ${stack} stands.`);
  return stdout;
}
