import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { commandLine } from "../../components/shell.ts";

/** What went wrong, in words for people. */
export class Problem extends Error {}

/** Runs Pulumi on a stack and gives what it prints. @throws Problem with what it said. */
export async function pulumi(stack: string, ...words: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", [...words, "--stack", stack, "--color", "never"], {
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Problem(`pulumi ${words.slice(0, 2).join(" ")} failed:\n${stderr || stdout || String(error)}`);
  }
}

/** The project, as it stands in the labels. */
const PROJECT = "mailtracker";

/**
 * Runs a script of operate/on-server where the engine is and gives what it prints; its own messages go to standard error.
 * @throws Problem when it fails or the server cannot be reached.
 */
export async function onServer(
  reach: string,
  stack: string,
  script: string,
  { words = [], input = "" }: { words?: string[]; input?: string },
): Promise<string> {
  const source = ["containers.sh", script].map((file) => readFileSync(`operate/on-server/${file}`, "utf8")).join("");
  const line = commandLine(["sh", "-c", source, "sh", PROJECT, stack, ...words]);
  const child = spawn("sh", ["-c", reach === "" ? line : `${reach} -- ${commandLine([line])}`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  // A script that ends early leaves its input unread; its exit status tells what matters.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const status = new Promise<number | null>((resolve) => child.once("close", resolve));
  const printed = await text(child.stdout);
  const code = await status;
  if (code === 255) throw new Problem(`The server of the stack ${stack} cannot be reached.`);
  if (code !== 0) throw new Problem(`${script} ended with exit code ${code} where the stack ${stack} stands.`);
  return printed;
}
