import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions, withLockWait } from "./define.mts";

interface Options extends StackOptions {
  lockWait: number;
  /** False with `--no-cache`. */
  cache: boolean;
}

export function up(berth: Command): void {
  withLockWait(
    define(berth, {
      usage: "up",
      description: "Deploy the stack and revert drift. Does not ask for confirmation.",
      examples: {
        "npx berth up": "deploys the selected stack",
        "npx berth up --stack prod": "deploys production",
        "npx berth up --no-cache": "builds all images from scratch and deploys them; the data stays",
      },
    }).option("--no-cache", "build all images again without the builder's cache, and release them"),
  ).action(async ({ stack, cache, lockWait }: Options) => {
    const { up: deployUp } = await import("../deploy/up.mts");
    await deployUp(await openStack(stack), { noCache: !cache, lockWait });
  });
}
