import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Plan } from "../plan/plan.mts";
import { openStack, type Stack } from "../project/stack.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  markdown?: string;
  json?: boolean;
  comment?: boolean;
}

export function plan(berth: Command): void {
  define(berth, {
    usage: "plan",
    description: `Show what a release would do: each change with its downtime, data change and reason. Changes nothing.
Exit codes: 0 no data change, 3 data change, 4 a policy or the server refuses the release, 1 the plan failed.`,
    examples: {
      "npx berth plan --stack prod": "prints the plan",
      "npx berth plan --stack prod --comment": "in CI: writes the plan to the pull request",
      "npx berth plan --markdown plan.md": "also writes the plan as Markdown, e.g. for a review comment",
    },
  })
    .option("--markdown <file>", "also write the plan as Markdown")
    .option(
      "--comment",
      "in GitHub Actions and GitLab CI: also write the plan as a comment of the pull or merge request",
    )
    .option("--json", "print JSON")
    .action(async ({ stack, markdown, json, comment }: Options) => {
      const file = markdown && resolve(markdown);
      const { planOf } = await import("../plan/plan.mts");
      const opened = await openStack(stack);
      const planned = comment ? await commented(opened, () => planOf(opened)) : await planOf(opened);
      if (json) printJson(planned.json);
      else process.stdout.write(planned.text);
      if (file) writeFileSync(file, planned.markdown);
      process.exitCode = planned.refused ? EXIT.refused : planned.changesData ? EXIT.dataChange : EXIT.done;
    });
}

async function commented(stack: Stack, plan: () => Promise<Plan>): Promise<Plan> {
  const { commentPlan } = await import("../review/plan-comment.mts");
  return commentPlan(stack, plan);
}
