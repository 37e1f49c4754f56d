import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  command?: string;
  service: string;
}

export function psql(berth: Command): void {
  define(berth, {
    usage: "psql",
    description: "Open psql as the database's owner, or run SQL from standard input. Stops at the first error.",
    examples: {
      "npx berth psql": "opens psql",
      "npx berth psql < report.sql": "runs a file",
      "npx berth psql -c 'select 1'": "runs a statement, which other accounts of this machine can see in ps",
    },
  })
    .option("-c, --command <sql>", "SQL to run")
    .option("--service <name>", "name of the database's service", "postgres")
    .action(async ({ stack, command, service }: Options) => {
      const { psql: runPsql } = await import("../exec/psql.mts");
      const { deployedStack } = await import("../state/state.mts");
      const { place } = await deployedStack(await openStack(stack));
      process.exitCode = await runPsql(place, service, command);
    });
}
