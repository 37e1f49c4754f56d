import { readFileSync } from "node:fs";
import { join } from "node:path";
import tab from "@bomb.sh/tab/commander";
import { Command } from "commander";
import { alerts } from "./commands/alerts.mts";
import { audit } from "./commands/audit.mts";
import { backup } from "./commands/backup.mts";
import { backups } from "./commands/backups.mts";
import { cron } from "./commands/cron.mts";
import { doctor } from "./commands/doctor.mts";
import { down } from "./commands/down.mts";
import { drift } from "./commands/drift.mts";
import { env } from "./commands/env.mts";
import { exec } from "./commands/exec.mts";
import { init } from "./commands/init.mts";
import { logs } from "./commands/logs.mts";
import { maintenance } from "./commands/maintenance.mts";
import { password } from "./commands/password.mts";
import { plan } from "./commands/plan.mts";
import { preview } from "./commands/preview.mts";
import { previewEnv } from "./commands/preview-env.mts";
import { psql } from "./commands/psql.mts";
import { releases } from "./commands/releases.mts";
import { restore } from "./commands/restore.mts";
import { restoreDrill } from "./commands/restore-drill.mts";
import { rollback } from "./commands/rollback.mts";
import { servers } from "./commands/servers.mts";
import { settings } from "./commands/settings.mts";
import { status } from "./commands/status.mts";
import { unlock } from "./commands/unlock.mts";
import { up } from "./commands/up.mts";
import { update } from "./commands/update.mts";

const GROUPS = {
  "Deploy:": [init, doctor, plan, preview, up, rollback, releases, down, previewEnv],
  "Inspect:": [status, alerts, logs, exec, cron, psql, drift, audit, password],
  "Back up and restore:": [backup, backups, restore, restoreDrill],
  "Maintain:": [update, servers, maintenance, unlock, settings, env],
};

/** Defines the command line of `berth`. Each command has a file in `commands`. */
export function program(): Command {
  const berth = new Command("berth")
    .description("Run a container stack on your own Ubuntu server: zero-downtime releases, rollback, drift, backups.")
    .version(version(), "-v, --version")
    .showSuggestionAfterError()
    .showHelpAfterError("For all options: add --help")
    .enablePositionalOptions()
    .exitOverride();
  for (const [group, commands] of Object.entries(GROUPS)) {
    berth.commandsGroup(group);
    for (const define of commands) define(berth);
  }
  tab(berth, { completionCommandName: "completion" });
  return berth;
}

function version(): string {
  const file = join(import.meta.dirname, "../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
