import type { Command } from "commander";
import { Problem } from "../../model/problem.ts";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

export function preview(berth: Command): void {
  define(berth, {
    usage: "preview",
    description: "Show every detail of what a deployment would change, as Pulumi does. `plan` is the short form.",
    examples: { "npx berth preview --stack prod": "shows all changes of production and checks the policies" },
  }).action(async ({ stack }: StackOptions) => {
    const { pulumiPreview } = await import("../deploy/engine-calls.mts");
    const { POLICIES } = await import("../plan/preview.mts");
    const { forPlan, withProgramImages } = await import("../base-images/program-images.mts");
    const { readySettings } = await import("../project/merged-settings.mts");
    const { findState } = await import("../state/state.mts");
    const opened = await openStack(stack);
    const settings = await readySettings(opened);
    const status = await withProgramImages(forPlan(opened, await findState(opened)), (images) =>
      pulumiPreview(opened, { settings }, ["--diff", "--policy-pack", POLICIES], images),
    );
    if (status !== 0) throw new Problem("", status);
  });
}
