import type { Command } from "commander";
import { EXIT } from "../terminal/exit-codes.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
}

export function doctor(berth: Command): void {
  define(berth, {
    usage: "doctor",
    description: `Check this machine, the server and the settings before a deployment, and advise what to do. Changes nothing.
Exit codes: 0 no problem, 1 problems.`,
    examples: {
      "npx berth doctor --stack prod": "checks this machine and production's server",
      "npx berth doctor --stack prod --json": "prints the checks as JSON",
    },
  })
    .option("--json", "print JSON")
    .action(async ({ stack, json }: Options) => {
      const { diagnose } = await import("../doctor/doctor.mts");
      const { asText } = await import("../doctor/text.mts");
      const diagnosis = await diagnose(stack, { interactive: !json });
      if (json) printJson(diagnosis);
      else console.log(asText(diagnosis));
      process.exitCode = diagnosis.ok ? EXIT.done : EXIT.failed;
    });
}
