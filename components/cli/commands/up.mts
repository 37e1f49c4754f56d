import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { duration } from "../terminal/duration.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  lockWait: number;
}

export function up(berth: Command): void {
  define(berth, {
    usage: "up",
    description: "Deploy the stack and revert drift. Does not ask for confirmation.",
    examples: { "npx berth up": "deploys the selected stack", "npx berth up --stack prod": "deploys production" },
  })
    .option("--lock-wait <duration>", "wait that long for another deployment, e.g. 90s or 15m", duration, 0)
    .action(async ({ stack, lockWait }: Options) => {
      const { up: deployUp } = await import("../deploy/up.mts");
      await deployUp(await openStack(stack), { lockWait });
    });
}
