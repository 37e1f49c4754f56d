import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
}

export function status(berth: Command): void {
  define(berth, {
    usage: "status",
    description:
      "Show containers, volumes, disk, backups, site and certificate. Lists problems, and fails if there are any.",
    examples: {
      "npx berth status --stack prod": "shows production",
      "npx berth status --json": "prints the status as JSON",
    },
  })
    .option("--json", "print JSON")
    .action(async ({ stack, json }: Options) => {
      const { look } = await import("../status/look.mts");
      const { asText } = await import("../status/text.mts");
      const result = await look(await openStack(stack));
      if (json) printJson(result);
      else console.log(asText(result));
      process.exitCode = result.healthy ? EXIT.done : EXIT.failed;
    });
}
