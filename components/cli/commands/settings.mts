import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { EXIT } from "../terminal/exit-codes.mts";
import { withExamples } from "./define.mts";

interface Options {
  check?: boolean;
}

export function settings(berth: Command): void {
  withExamples(berth.command("settings"), {
    "npx berth settings": "updates both files after a change of settings.ts",
    "npx berth settings --check": "in CI: fails if a file is stale",
  })
    .summary("Update Pulumi.yaml and docs/settings.md from the declarations in settings.ts.")
    .description("Update Pulumi.yaml and docs/settings.md from the declarations in settings.ts.")
    .option("--check", "change nothing; fail if a file is stale")
    .action(async ({ check }: Options) => {
      const { findProject } = await import("../project/project.mts");
      const { generated } = await import("../../settings/generated.ts");
      const stale = (await generated(findProject().folder)).filter((file) => file.stale);
      for (const { path, content } of stale) {
        if (!check) writeFileSync(path, content);
        console.log(`${path} ${check ? "is stale: it does not match the declared settings" : "updated"}`);
      }
      if (!check || stale.length === 0) return;
      console.error("To update it: npx berth settings");
      process.exitCode = EXIT.failed;
    });
}
