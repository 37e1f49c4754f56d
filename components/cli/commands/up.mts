import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

export function up(berth: Command): void {
  define(berth, {
    usage: "up",
    description: "Deploy the stack and revert drift. Does not ask for confirmation.",
    examples: { "npx berth up": "deploys the selected stack", "npx berth up --stack prod": "deploys production" },
  }).action(async ({ stack }: StackOptions) => {
    const { up: deployUp } = await import("../deploy/up.mts");
    await deployUp(await openStack(stack));
  });
}
