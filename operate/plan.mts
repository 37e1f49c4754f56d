// Says what a release of a stack will do: node operate/plan.mts <stack> [file.md]
// With a file, the same is written there as Markdown, for a comment in a review. Nothing is changed by it.
// Exit codes: 0 no data is touched; 3 data is touched; 1 there is no plan, and why is said.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Line, linesOf } from "./plan/lines.mts";
import { asMarkdown } from "./plan/markdown.mts";
import { type Preview, readPreview } from "./plan/steps.mts";
import { asText } from "./plan/terminal.mts";

const TOUCHES_DATA = 3;
const ROOT = join(import.meta.dirname, "..");
const [stack, markdown] = process.argv.slice(2);

function preview(stack: string): Preview {
  const { status, stdout, error } = spawnSync(join(ROOT, "toolchain/stack.sh"), ["plan", stack], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  const read = attempt(() => readPreview(stdout));
  if (read && status === 0) return read;
  const errors = (read?.diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim());
  throw new Error([...errors, `There is no plan for the stack ${stack}.`].join("\n"));
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function tell(stack: string, lines: Line[]): void {
  process.stdout.write(asText(stack, lines));
  if (markdown) writeFileSync(markdown, asMarkdown(stack, lines));
}

try {
  if (!stack) throw new Error("Which stack? node operate/plan.mts <stack> [file.md]");
  const lines = linesOf(preview(stack).steps);
  tell(stack, lines);
  if (lines.some(({ mark }) => mark.kind === "touches data")) process.exitCode = TOUCHES_DATA;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
