import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

export function restoreDrill(berth: Command): void {
  define(berth, {
    usage: "restore-drill",
    description: "Restore the newest backup into a temporary database, to prove that it works. Also runs weekly.",
    examples: { "npx berth restore-drill --stack prod": "restores, compares, and deletes the temporary database" },
  }).action(async ({ stack }: StackOptions) => {
    const { runInBackupContainer } = await import("../backups/backup-container.mts");
    process.exitCode = await runInBackupContainer(await openStack(stack), ["drill"]);
  });
}
