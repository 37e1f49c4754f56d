import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { hint } from "../terminal/hint.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
}

export function releases(berth: Command): void {
  define(berth, {
    usage: "releases",
    description: "List the releases on the server, to which the stack can be rolled back.",
    examples: { "npx berth releases --stack prod": "lists the releases of production; * marks the current one" },
  })
    .option("--json", "print JSON")
    .action(async ({ stack, json }: Options) => {
      const { describe, releasesOf } = await import("../release/release.mts");
      const { deployedStack } = await import("../state/state.mts");
      const opened = await openStack(stack);
      const { place } = await deployedStack(opened);
      const list = await releasesOf(place);
      if (json) return printJson(list);
      if (list.length === 0) console.log(`The stack ${opened.name} has no release yet.`);
      for (const release of list) console.log(`${release.runs ? "*" : " "} ${describe(release)}`);
      if (list.length < 2) return;
      const [before, another] = [hint(opened.name, "rollback"), hint(opened.name, "rollback", "<number>")];
      console.log(`\n* marks the current release. To roll back to the previous one: ${before}; to another: ${another}`);
    });
}
