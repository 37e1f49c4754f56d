import type { Command } from "commander";
import { Problem } from "../../model/problem.ts";
import { openStack } from "../project/stack.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { hint } from "../terminal/hint.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
}

export function drift(berth: Command): void {
  define(berth, {
    usage: "drift",
    description: `Show what was changed by hand since the last deployment. \`up\` reverts it.
Exit codes: 0 no drift, 4 drift, 1 drift could not be checked.`,
    examples: { "npx berth drift --stack prod": "lists the drift of production" },
  })
    .option("--json", "print JSON")
    .action(async ({ stack, json }: Options) => {
      const { driftOf } = await import("../drift/drift.mts");
      const { report } = await import("../drift/report.mts");
      const opened = await openStack(stack);
      const { name } = opened;
      const findings = await driftOf(opened);
      if (!findings) throw new Problem(`The stack ${name} is not deployed. To deploy it: ${hint(name, "up")}`);
      const differs = findings.length > 0;
      if (json) printJson({ stack: name, findings: findings.map(({ what, differences }) => ({ what, differences })) });
      else if (differs) console.log(`${report(findings)}\n\nTo revert it: ${hint(name, "up")}`);
      else console.log(`The stack ${name} is as it was deployed.`);
      process.exitCode = differs ? EXIT.differs : EXIT.done;
    });
}
