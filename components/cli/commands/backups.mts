import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
}

export function backups(berth: Command): void {
  define(berth, {
    usage: "backups",
    description: "List the backups that can be restored.",
    examples: { "npx berth backups --stack prod": "lists the backups of production, newest first" },
  })
    .option("--json", "print JSON")
    .action(async ({ stack, json }: Options) => {
      const { backupsOf, linesOf, parseListed } = await import("../backups/list.mts");
      const { onServer } = await import("../../remote/run.mts");
      const { deployedStack } = await import("../state/state.mts");
      const { place } = await deployedStack(await openStack(stack));
      const snapshots = parseListed(await onServer(place, "backups.sh", { words: ["snapshots"] }));
      if (json) printJson(backupsOf(snapshots));
      else console.log(linesOf(snapshots).join("\n"));
    });
}
