import type { Command } from "commander";

/** Options that most commands have. */
export interface StackOptions {
  stack?: string;
}

interface Definition {
  /** Name and arguments, e.g. `logs [service]`. */
  usage: string;
  description: string;
  /** Lines to type, each with what it does. */
  examples: Record<string, string>;
}

/** Adds a command that is about a stack, with its examples below its help. */
export function define(parent: Command, { usage, description, examples }: Definition): Command {
  return withExamples(parent.command(usage), examples)
    .summary(description.split("\n", 1)[0] ?? "")
    .description(description)
    .option("-s, --stack <name>", "stack to work on (default: the one chosen by `pulumi stack select`, else dev)");
}

/** Puts examples below a command's help. */
export function withExamples(command: Command, examples: Record<string, string>): Command {
  const width = Math.max(...Object.keys(examples).map((line) => line.length));
  const lines = Object.entries(examples).map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
