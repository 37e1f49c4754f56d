// Says what a release of a stack will do: node operate/plan.mts <stack> [file.md]
// With a file, the same is written there as Markdown, for a comment in a review. Nothing is changed by it.
// Exit codes: 0 no data is touched; 3 data is touched; 4 a policy refuses it; 1 there is no plan, and why is said.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linesOf } from "./plan/lines.mts";
import { asMarkdown } from "./plan/markdown.mts";
import { refusalsIn } from "./plan/refusals.mts";
import { type Preview, readPreview } from "./plan/steps.mts";
import { asText } from "./plan/terminal.mts";

const TOUCHES_DATA = 3;
const REFUSED = 4;
const [stack, markdown] = process.argv.slice(2);

interface Seen extends Preview {
  /** What the policies refuse. */
  refusals: string[];
}

function preview(stack: string): Seen {
  const folder = mkdtempSync(join(tmpdir(), "berth-plan-"));
  try {
    return previewed(stack, join(folder, "events"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @throws with what Pulumi said when there is no preview, and for another reason than a policy. */
function previewed(stack: string, events: string): Seen {
  const { status, stdout, stderr, error } = spawnSync(join(import.meta.dirname, "deploy.sh"), ["plan", stack, events], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  const read = attempt(() => readPreview(stdout));
  const refusals = attempt(() => refusalsIn(readFileSync(events, "utf8"))) ?? [];
  if (read && (status === 0 || refusals.length > 0)) return { ...read, refusals };
  const errors = (read?.diagnostics ?? []).filter(({ severity }) => severity === "error");
  throw new Error(
    [stderr.trim(), ...errors.map(({ message }) => message.trim()), `There is no plan for the stack ${stack}.`].join(
      "\n",
    ),
  );
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

try {
  if (!stack) throw new Error("Which stack? node operate/plan.mts <stack> [file.md]");
  const { steps, refusals } = preview(stack);
  const lines = linesOf(steps);
  process.stdout.write(asText(stack, lines, refusals));
  if (markdown) writeFileSync(markdown, asMarkdown(stack, lines, refusals));
  if (lines.some(({ mark }) => mark.kind === "touches data")) process.exitCode = TOUCHES_DATA;
  if (refusals.length > 0) process.exitCode = REFUSED;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
