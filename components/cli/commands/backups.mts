import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
  times?: boolean;
}

export function backups(berth: Command): void {
  define(berth, {
    usage: "backups",
    description: "List the backups and the times that can be restored.",
    examples: {
      "npx berth backups --stack prod": "lists the backups of production, newest first",
      "npx berth backups --times": "lists the ranges of time to which restore --at can restore",
    },
  })
    .option("--json", "print JSON")
    .option("--times", "list only the times of point-in-time recovery")
    .action(async ({ stack, json, times }: Options) => {
      const { backupsOf, linesOf, parseListed } = await import("../backups/list.mts");
      const { parseRanges, rangeLines } = await import("../backups/ranges.mts");
      const { ownTimeZone } = await import("../terminal/moment.mts");
      const { attempt, onServer } = await import("../../remote/run.mts");
      const { deployedStack } = await import("../state/state.mts");
      const { place } = await deployedStack(await openStack(stack));
      // A container of an earlier version does not know the command.
      const { stdout } = await attempt(place, "backups.sh", { words: ["ranges"] });
      const ranges = parseRanges(stdout);
      if (times) {
        if (json) printJson(ranges);
        else console.log(rangeLines(ranges, ownTimeZone()).join("\n"));
        return;
      }
      const snapshots = parseListed(await onServer(place, "backups.sh", { words: ["snapshots"] }));
      if (json) printJson(backupsOf(snapshots));
      else
        console.log(
          [...linesOf(snapshots), ...(ranges.length > 0 ? ["", ...rangeLines(ranges, ownTimeZone())] : [])].join("\n"),
        );
    });
}
