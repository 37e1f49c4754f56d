import { type Command, InvalidArgumentError } from "commander";
import { Problem } from "../../model/problem.ts";
import { openStack } from "../project/stack.mts";
import { parseWhen } from "../terminal/moment.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  lines?: number;
  since?: Date;
  until?: Date;
  grep?: string;
  follow?: boolean;
  json?: boolean;
}

export function logs(berth: Command): void {
  define(berth, {
    usage: "logs [service]",
    description: "Show the logs of a service, or of all, ordered by time.",
    examples: {
      "npx berth logs backend": "shows the last 100 lines of the backend",
      "npx berth logs --lines 500 --follow": "shows 500 lines of all services and follows them",
      "npx berth logs backend --since 2h --grep Traceback": "shows the lines of the last two hours with this text",
      'npx berth logs --since "2026-11-26 14:30" --until "2026-11-26 14:35" --json': "prints five minutes as JSON",
    },
  })
    .option(
      "-n, --lines <number>",
      "number of lines to show, the newest ones (default: 100; with --since 10000)",
      wholeNumber,
    )
    .option("--since <time>", 'begin: an age such as 30m, 2h or 3d, or a time such as "2026-11-26 14:31"', time)
    .option("--until <time>", "end, in the same form", time)
    .option("-g, --grep <text>", "show only lines that contain this text")
    .option("-f, --follow", "follow: print new lines until Ctrl-C")
    .option("--json", "print JSON, an object a line")
    .action(async (service = "", options: Options) => {
      const {
        stack,
        since,
        until,
        grep: text = "",
        lines = since ? 10_000 : 100,
        follow = false,
        json = false,
      } = options;
      if (follow && until) throw new Problem("--follow has no end: leave out --until.");
      const { showLogs } = await import("../logs/logs.mts");
      const { deployedStack } = await import("../state/state.mts");
      const deployed = await deployedStack(await openStack(stack));
      await showLogs(deployed, { service, since, until, text, lines, follow, json });
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number, e.g. 500.");
  return Number(text);
}

function time(text: string): Date {
  try {
    return parseWhen(text);
  } catch (error) {
    throw new InvalidArgumentError(`${error instanceof Error ? error.message : error}, and ages: 30m, 2h, 3d`);
  }
}
