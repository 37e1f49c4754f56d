import type { Command } from "commander";
import { openStack } from "../project/stack.mts";
import { printJson } from "../terminal/json.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  json?: boolean;
}

export function servers(berth: Command): void {
  const command = define(berth, {
    usage: "servers",
    description: "List the servers of a stack on several, drain one for maintenance, or let services run there again.",
    examples: {
      "npx berth servers --stack prod": "lists the servers of production, with the managers that may still fail",
      "npx berth servers drain beta --stack prod": "moves the services of beta to the others",
      "npx berth servers activate beta --stack prod": "lets services run on beta again",
    },
  })
    .option("--json", "print JSON")
    .action(async ({ stack, json }: Options) => {
      const { asText, listServers } = await import("../servers/servers.mts");
      const list = await listServers(await openStack(stack));
      if (json) printJson(list);
      else console.log(asText(list));
    });
  define(command, {
    usage: "drain <server>",
    description: "Move the services of a server to the others. Its containers with data and its nginx stay.",
    examples: { "npx berth servers drain beta --stack prod": "before maintenance of beta" },
  }).action(async (name: string, options: StackOptions, called: Command) => {
    await change(name, "drain", options, called);
    console.log(`The services of ${name} move to the other servers.`);
  });
  define(command, {
    usage: "activate <server>",
    description: "Let services run on a drained server again, from the next release on.",
    examples: { "npx berth servers activate beta --stack prod": "after maintenance of beta" },
  }).action(async (name: string, options: StackOptions, called: Command) => {
    await change(name, "active", options, called);
    console.log(`Services may run on ${name} again, from the next release on.`);
  });
}

async function change(name: string, availability: "active" | "drain", { stack }: StackOptions, called: Command) {
  const { setAvailability } = await import("../servers/servers.mts");
  // Also `berth servers --stack prod drain beta`.
  const { stack: ofList } = called.parent?.opts<StackOptions>() ?? {};
  await setAvailability(await openStack(stack ?? ofList), name, availability);
}
