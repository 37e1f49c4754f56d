import { type Command, InvalidArgumentError } from "commander";
import { Problem } from "../../model/problem.ts";
import { openStack } from "../project/stack.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
  watch?: number | true;
}

export function status(berth: Command): void {
  define(berth, {
    usage: "status",
    description:
      "Show containers, volumes, disk, backups, site and certificate. Lists problems, and fails if there are any.",
    examples: {
      "npx berth status --stack prod": "shows production",
      "npx berth status --json": "prints the status as JSON",
      "npx berth status --watch": "shows it every 5 seconds until Ctrl-C",
    },
  })
    .option("--json", "print JSON")
    .option("-w, --watch [seconds]", "show it again every 5 seconds, or every so many, until Ctrl-C", interval)
    .action(async ({ stack: name, json, watch }: Options) => {
      const { look } = await import("../status/look.mts");
      const { asText } = await import("../status/text.mts");
      const stack = await openStack(name);
      if (watch !== undefined) {
        if (json) throw new Problem("--watch is for people: leave out --json.");
        const { watchStatus } = await import("../status/watch.mts");
        const seconds = watch === true ? 5 : watch;
        const clear = process.stdout.isTTY;
        return watchStatus({ look: () => look(stack), stack: stack.name, seconds, clear }, console.log);
      }
      const result = await look(stack);
      if (json) printJson(result);
      else console.log(asText(result));
      process.exitCode = result.healthy ? EXIT.done : EXIT.failed;
    });
}

function interval(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of seconds, e.g. 10.");
  return Number(text);
}
