import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  adoptOffsite?: boolean;
}

export function backup(berth: Command): void {
  define(berth, {
    usage: "backup",
    description: "Take a backup now. Backups are also taken daily.",
    examples: {
      "npx berth backup --stack prod": "takes a backup of production",
      "npx berth backup --adopt-offsite": "continues the off-site backups of an earlier server",
    },
  })
    .option("--adopt-offsite", "instead of taking a backup, continue the off-site backups of an earlier server")
    .action(async ({ stack, adoptOffsite }: Options) => {
      const { runInBackupContainer } = await import("../backups/backup-container.mts");
      process.exitCode = await runInBackupContainer(
        await openStack(stack),
        adoptOffsite ? ["adopt"] : ["backup", "manual"],
      );
    });
}
