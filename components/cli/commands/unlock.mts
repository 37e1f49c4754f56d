import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  yes?: boolean;
}

export function unlock(berth: Command): void {
  define(berth, {
    usage: "unlock",
    description: "Remove the lock of a killed deployment on another machine. Asks first.",
    examples: { "npx berth unlock --stack prod": "shows who holds the lock, and asks" },
  })
    .option("-y, --yes", "do not ask")
    .action(async ({ stack, yes = false }: Options) => {
      const { unlock: removeLocks } = await import("../lock/unlock.mts");
      await removeLocks(await openStack(stack), yes);
    });
}
