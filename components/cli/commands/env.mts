import type { Command } from "commander";
import { quote } from "../../model/shell.ts";
import { withExamples } from "./define.mts";

export function env(berth: Command): void {
  withExamples(berth.command("env"), { 'eval "$(npx berth env)"': "sets this shell up for plain `pulumi`" })
    .summary("Print the variables that a shell needs for plain `pulumi`.")
    .description("Print the variables that a shell needs for plain `pulumi`. Installs Pulumi if necessary.")
    .action(async () => {
      const { findProject } = await import("../project/project.mts");
      const { readyEngine } = await import("../engine/ready.mts");
      const variables = await readyEngine(findProject().folder);
      for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quote(value)}`);
    });
}
