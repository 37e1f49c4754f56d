import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { define, type StackOptions } from "./define.mts";

export function exec(berth: Command): void {
  define(berth, {
    usage: "exec [service] [command...]",
    description: "Run a command in a service's newest container; without a command, open a shell.",
    examples: {
      "npx berth exec backend": "opens a shell",
      "npx berth exec backend python manage.py check": "runs a program",
      "npx berth exec backend 'ls /app | wc -l'": "runs a shell command line in the container",
    },
  })
    .passThroughOptions()
    .action(async (service = "", command: string[], { stack }: StackOptions) => {
      const { inContainer, isTerminal, serverWith, wordsFor } = await import("../exec/exec.mts");
      const { deployedStack } = await import("../state/state.mts");
      const place = await serverWith(await deployedStack(await openStack(stack)), service);
      process.exitCode = await inContainer(place, service, wordsFor(command), { terminal: isTerminal() });
    });
}
