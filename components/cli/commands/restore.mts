import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions, withLockWait } from "./define.mts";

interface Options extends StackOptions {
  yes?: boolean;
  safetyBackup: boolean;
  lockWait: number;
}

export function restore(berth: Command): void {
  withLockWait(
    define(berth, {
      usage: "restore [backup]",
      description: "Restore a backup (default: the newest) by its id or tag into the running stack. Asks first.",
      examples: {
        "npx berth restore --stack prod": "asks, and restores the newest backup of production",
        "npx berth restore 4f1c2a90 --yes": "restores the backup 4f1c2a90 without asking",
      },
    })
      .option("-y, --yes", "do not ask")
      .option("--no-safety-backup", "do not back up the current data first"),
    "a deployment",
  ).action(async (which: string | undefined, { stack, yes = false, safetyBackup, lockWait }: Options) => {
    const { restore: restoreBackup } = await import("../backups/restore.mts");
    await restoreBackup(await openStack(stack), { which, yes, safetyBackup, lockWait });
  });
}
