import type { Command } from "commander";
import { duration } from "../terminal/duration.mts";

/** Options of all commands that work on a stack. */
export interface StackOptions {
  stack?: string;
}

interface Definition {
  /** Name and arguments, e.g. `logs [service]`. */
  usage: string;
  description: string;
  /** Command lines, each with a description of what it does. */
  examples: Record<string, string>;
}

/** Adds a command that works on a stack, with the option `--stack` and examples in its help. */
export function define(parent: Command, { usage, description, examples }: Definition): Command {
  return withExamples(parent.command(usage), examples)
    .summary(description.split("\n", 1)[0] ?? "")
    .description(description)
    .option("-s, --stack <name>", "stack to work on (default: the selected one, `pulumi stack select`, else dev)");
}

/** Adds the option `--lock-wait`, in seconds; 0 without it. */
export function withLockWait(command: Command, what = "another deployment"): Command {
  return command.option("--lock-wait <duration>", `wait that long for ${what}, e.g. 90s or 15m`, duration, 0);
}

/** Appends examples to a command's help. */
export function withExamples(command: Command, examples: Record<string, string>): Command {
  const width = Math.max(...Object.keys(examples).map((line) => line.length));
  const lines = Object.entries(examples).map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
