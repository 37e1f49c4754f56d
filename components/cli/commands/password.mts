import type { Command } from "commander";
import { Problem } from "../../model/problem.ts";
import { capture } from "../../remote/program.mts";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

export function password(berth: Command): void {
  define(berth, {
    usage: "password",
    description: "Show the administrator's first password: the program's output `adminPassword`.",
    examples: { "npx berth password --stack prod": "prints the first password of production" },
  }).action(async ({ stack }: StackOptions) => {
    const { name } = await openStack(stack);
    const words = ["stack", "output", "adminPassword", "--show-secrets", "--stack", name, "--color", "never"];
    const { status, stdout, stderr } = await capture("pulumi", words);
    if (status !== 0) {
      throw new Problem(`The stack ${name} has no output adminPassword. Pulumi's message: ${stderr.trim()}`);
    }
    process.stdout.write(stdout);
  });
}
