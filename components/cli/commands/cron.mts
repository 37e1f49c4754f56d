import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
}

export function cron(berth: Command): void {
  const command = define(berth, {
    usage: "cron",
    description: "List the scheduled jobs with their last and next runs, or start a run by hand.",
    examples: {
      "npx berth cron --stack prod": "lists the scheduled jobs of production",
      "npx berth cron --json": "prints them as JSON",
      "npx berth cron run digest --stack prod": "runs the job digest now",
    },
  })
    .option("--json", "print JSON")
    .action(async ({ stack, json }: Options) => {
      const { asText, parseJobs } = await import("../cron/list.mts");
      const { onServer } = await import("../../remote/run.mts");
      const { deployedStack } = await import("../state/state.mts");
      const { place } = await deployedStack(await openStack(stack));
      const jobs = parseJobs(await onServer(place, "cron.sh"));
      if (json) printJson(jobs);
      else console.log(asText(jobs));
    });
  define(command, {
    usage: "run <job>",
    description: "Start a run now, show its log, and exit with its exit code. The schedule stays as it is.",
    examples: { "npx berth cron run digest --stack prod": "runs the job digest now" },
  }).action(async (name: string, { stack }: StackOptions, run: Command) => {
    const { runJob } = await import("../cron/run.mts");
    const { deployedStack } = await import("../state/state.mts");
    // Also `berth cron --stack prod run digest`.
    const { stack: ofList } = run.parent?.opts<StackOptions>() ?? {};
    const { place } = await deployedStack(await openStack(stack ?? ofList));
    process.exitCode = await runJob(place, name);
  });
}
