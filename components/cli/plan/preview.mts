import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { captured } from "../../remote/program.mts";
import type { Stack } from "../project/stack.mts";
import { refusalsIn } from "./refusals.mts";
import { type Preview, readPreview } from "./steps.mts";

/** Folder of the policy pack. */
export const POLICIES = join(import.meta.dirname, "../../policy");

export interface Planned extends Preview {
  /** What the policies refuse. */
  refusals: string[];
}

/** What a release would do, as Pulumi and the policies see it. @throws Problem when there is no preview for another reason than a policy. */
export async function preview(stack: Stack, settings: string): Promise<Planned> {
  const folder = mkdtempSync(join(tmpdir(), "berth-plan-"));
  try {
    return await previewed(stack, settings, join(folder, "events"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function previewed({ name }: Stack, settings: string, events: string): Promise<Planned> {
  // The JSON lacks what the policies say, which the log of events has; its option is one of those Pulumi hides.
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
  const { status, stdout, stderr } = await captured(
    "pulumi",
    ["preview", "--stack", name, "--config-file", settings, ...words],
    "",
    {
      env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true" },
    },
  );
  const read = attempt(() => readPreview(stdout));
  const refusals = attempt(() => refusalsIn(readFileSync(events, "utf8"))) ?? [];
  if (read && (status === 0 || refusals.length > 0)) return { ...read, refusals };
  const errors = (read?.diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim());
  throw new Problem(
    [stderr.trim(), ...errors, `There is no plan for the stack ${name}.`].filter((line) => line !== "").join("\n"),
  );
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
