import { type Command, InvalidArgumentError } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  lines: number;
  follow?: boolean;
}

export function logs(berth: Command): void {
  define(berth, {
    usage: "logs [service]",
    description: "Show the logs of a service, or of all, ordered by time.",
    examples: {
      "npx berth logs backend": "shows the last 100 lines of the backend",
      "npx berth logs --lines 500 --follow": "shows 500 lines of all services and follows them",
    },
  })
    .option("-n, --lines <number>", "number of lines to show, the newest ones", wholeNumber, 100)
    .option("-f, --follow", "follow: print new lines until Ctrl-C")
    .action(async (service: string | undefined, { stack, lines, follow = false }: Options) => {
      const { showLogs } = await import("../logs/logs.mts");
      const { deployedStack } = await import("../state/state.mts");
      const { place } = await deployedStack(await openStack(stack));
      await showLogs(place, { service, lines, follow });
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number, e.g. 500.");
  return Number(text);
}
