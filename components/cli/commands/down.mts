import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions, withLockWait } from "./define.mts";

interface Options extends StackOptions {
  yes?: boolean;
  deleteData?: boolean;
  lockWait: number;
}

export function down(berth: Command): void {
  withLockWait(
    define(berth, {
      usage: "down",
      description: "Destroy the stack and keep its volumes, unless the setting forceDestroyData names the stack.",
      examples: {
        "npx berth down --stack staging": "lists what is deleted and what is kept, and asks",
        "npx berth down --delete-data": "on this machine: deletes the volumes too, after you type the stack's name",
      },
    })
      .option("-y, --yes", "do not ask")
      .option("--delete-data", "delete the volumes too; only for a stack on this machine"),
  ).action(async ({ stack, yes = false, deleteData = false, lockWait }: Options) => {
    const { destroy } = await import("../deploy/down.mts");
    await destroy(await openStack(stack), { yes, deleteData, lockWait });
  });
}
