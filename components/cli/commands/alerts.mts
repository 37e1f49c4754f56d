import { Argument, type Command } from "commander";
import { stackNameOf } from "../../model/names.ts";
import { openStack } from "../project/stack.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
}

export function alerts(berth: Command): void {
  define(berth, {
    usage: "alerts",
    description: "List the alerts as the server's watch saw them last, or send a test message. Fails if there are any.",
    examples: {
      "npx berth alerts --stack prod": "lists what is wrong with production, and what to do",
      "npx berth alerts test --stack prod": "sends a test message to each target, and shows how it answers",
    },
  })
    .addArgument(new Argument("[action]", "send a test message").choices(["test"]))
    .option("--json", "print JSON")
    .action(async (action: "test" | undefined, { stack, json }: Options) => {
      const { alertsOf, testAlerts } = await import("../alerts/alerts.mts");
      const { asText, isWell, testedText } = await import("../alerts/text.mts");
      const opened = await openStack(stack);
      if (action === "test") {
        const tested = await testAlerts(opened);
        if (json) printJson(tested);
        else console.log(testedText(tested));
        process.exitCode = tested.every(({ sent }) => sent) ? EXIT.done : EXIT.failed;
        return;
      }
      const watch = await alertsOf(opened);
      const unit = `berth-alerts-${stackNameOf({ project: opened.project.name, stack: opened.name })}`;
      if (json) printJson(watch);
      else console.log(asText(watch, unit));
      process.exitCode = isWell(watch) ? EXIT.done : EXIT.failed;
    });
}
