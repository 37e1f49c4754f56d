import { type Command, InvalidArgumentError } from "commander";
import { openStack } from "../project/stack.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
  limit: number;
}

export function audit(berth: Command): void {
  define(berth, {
    usage: "audit",
    description:
      "Show who released, rolled back, restored, took down, unlocked, put into maintenance, or ran a command in a container.",
    examples: {
      "npx berth audit --stack prod": "shows the last 50 actions on production",
      "npx berth audit --limit 1000 --json": "prints JSON, e.g. to filter it with jq",
    },
  })
    .option("-n, --limit <number>", "number of actions to show, the newest ones", positive, 50)
    .option("--json", "print JSON")
    .action(async ({ stack, json, limit }: Options) => {
      const { auditLog } = await import("../audit/audit.mts");
      const { asText } = await import("../audit/text.mts");
      const { placeOfLog } = await import("../audit/place.mts");
      const opened = await openStack(stack);
      const lines = await auditLog(await placeOfLog(opened), limit);
      if (json) printJson(lines);
      else console.log(lines.length > 0 ? asText(lines) : `The audit log of the stack ${opened.name} is empty.`);
    });
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a number from 1.");
  return Number(text);
}
