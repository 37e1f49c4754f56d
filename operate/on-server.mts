import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** Words that mean themselves to every shell. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Runs a script of `operate/on-server` where the stack's engine is, and gives what it prints. What it says of its
 * progress (standard error) is shown.
 * @throws when it fails, or when the server cannot be reached.
 */
export async function onServer(reach: string, script: string, args: string[]): Promise<string> {
  const odd = args.find((word) => !PLAIN.test(word));
  if (odd !== undefined) throw new Error(`A shell on the server could misread the word "${odd}".`);
  const input = readFileSync(join(import.meta.dirname, "on-server", script), "utf8");
  const line = [...(reach === "" ? [] : [reach, "--"]), "sh -s --", ...args].join(" ");
  const { stdout } = await execa("sh", ["-c", line], { input, stderr: "inherit" });
  return stdout;
}
