import type { SpawnOptions } from "node:child_process";
import { Problem } from "../../model/problem.ts";
import { capture } from "../../remote/program.mts";

/** Runs Pulumi in the project's folder and returns its standard output. @throws Problem with its error message. */
export async function pulumi(words: string[], input = "", options: SpawnOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await capture("pulumi", [...words, "--color", "never"], input, options);
  if (status !== 0) throw new Problem(`pulumi ${words.slice(0, 2).join(" ")} failed:\n${(stderr || stdout).trim()}`);
  return stdout;
}
