import type { Command } from "commander";
import { Problem } from "../../model/problem.ts";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions, withLockWait } from "./define.mts";

interface Options extends StackOptions {
  yes?: boolean;
  safetyBackup: boolean;
  lockWait: number;
  at?: string;
  timeZone?: string;
  preview?: boolean;
  service: string;
}

export function restore(berth: Command): void {
  withLockWait(
    define(berth, {
      usage: "restore [backup]",
      description:
        "Restore a backup (default: the newest) by its id or tag, or a time, into the running stack. Asks first.",
      examples: {
        "npx berth restore --stack prod": "asks, and restores the newest backup of production",
        "npx berth restore 4f1c2a90 --yes": "restores the backup 4f1c2a90 without asking",
        'npx berth restore --at "2026-11-26 14:31"':
          "restores the databases as they were at that time on this machine's clock",
        "npx berth restore --at latest --preview": "opens psql on a copy of the database, which is removed afterwards",
      },
    })
      .option("--at <time>", 'time to restore, e.g. "2026-11-26 14:31", or latest (needs backupPointInTimeDays)')
      .option("--time-zone <name>", "time zone of --at, e.g. Europe/Berlin (default: this machine's)")
      .option("--preview", "with --at: restore beside the database in use, and open psql there")
      .option("--service <name>", "with --preview: name of the database's service", "postgres")
      .option("-y, --yes", "do not ask")
      .option("--no-safety-backup", "do not back up the current data first"),
    "a deployment",
  ).action(async (which: string | undefined, options: Options) => {
    const { stack, yes = false, safetyBackup, lockWait, at, preview, service } = options;
    if (at !== undefined) {
      if (which !== undefined) throw new Problem("Name a backup or a time (--at), not both.");
      const { ownTimeZone } = await import("../terminal/moment.mts");
      const { previewAt, restoreAt } = await import("../backups/restore-at.mts");
      const moment = { at, timeZone: options.timeZone ?? ownTimeZone() };
      if (preview) process.exitCode = await previewAt(await openStack(stack), { ...moment, service });
      else await restoreAt(await openStack(stack), { ...moment, yes, safetyBackup, lockWait });
      return;
    }
    if (preview || options.timeZone !== undefined) throw new Problem("--preview and --time-zone need a time: --at");
    const { restore: restoreBackup } = await import("../backups/restore.mts");
    await restoreBackup(await openStack(stack), { which, yes, safetyBackup, lockWait });
  });
}
