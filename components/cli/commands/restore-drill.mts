import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

export function restoreDrill(berth: Command): void {
  define(berth, {
    usage: "restore-drill",
    description: "Prove that the newest backup can be restored, beside the running stack. Also runs weekly.",
    examples: { "npx berth restore-drill --stack prod": "restores into a throw-away database and compares" },
  }).action(async ({ stack }: StackOptions) => {
    const { runInBackupContainer } = await import("../backups/backup-container.mts");
    process.exitCode = await runInBackupContainer(await openStack(stack), ["drill"]);
  });
}
