import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { valueOrUndefined } from "../../model/values.ts";
import { capture } from "../../remote/program.mts";
import type { Stack } from "../project/stack.mts";
import { refusalsIn } from "./refusals.mts";
import { type Preview, readPreview } from "./steps.mts";

/** Folder of the policy pack. */
export const POLICIES = join(import.meta.dirname, "../../policy");

export interface CheckedPreview extends Preview {
  /** Violations of the policies. */
  refusals: string[];
}

/** Previews a release with Pulumi and the policy pack. @throws Problem if the preview fails for another reason than a policy. */
export async function preview(stack: Stack, settings: string): Promise<CheckedPreview> {
  const folder = mkdtempSync(join(tmpdir(), "berth-plan-"));
  try {
    return await runPreview(stack, settings, join(folder, "events"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runPreview({ name }: Stack, settings: string, events: string): Promise<CheckedPreview> {
  // The JSON output lacks policy violations; the event log has them. Its option is one of Pulumi's hidden debug options.
  const words = [
    "--json",
    "--show-replacement-steps",
    "--show-sames",
    "--non-interactive",
    "--policy-pack",
    POLICIES,
    "--event-log",
    events,
  ];
  const { status, stdout, stderr } = await capture(
    "pulumi",
    ["preview", "--stack", name, "--config-file", settings, ...words],
    "",
    {
      env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true" },
    },
  );
  const parsed = valueOrUndefined(() => readPreview(stdout));
  const refusals = valueOrUndefined(() => refusalsIn(readFileSync(events, "utf8"))) ?? [];
  if (parsed && (status === 0 || refusals.length > 0)) return { ...parsed, refusals };
  const errors = (parsed?.diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim());
  throw new Problem(
    [stderr.trim(), ...errors, `There is no plan for the stack ${name}.`].filter((line) => line !== "").join("\n"),
  );
}
