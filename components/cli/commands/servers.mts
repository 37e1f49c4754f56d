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
    description:
      "List the servers of a stack on several, drain one for maintenance, let services run there again, or remove a lost one.",
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
  define(command, {
    usage: "remove <server>",
    description:
      "Remove a server that is lost for good from the stack. Asks first. One that answers is removed in the setting servers.",
    examples: { "npx berth servers remove gamma --stack prod": "gamma is lost, so up no longer waits for it" },
  })
    .option("-y, --yes", "do not ask")
    .action(async (name: string, { yes = false, stack }: RemoveOptions, called: Command) => {
      const { removeLost } = await import("../servers/remove.mts");
      await removeLost(await openStack(stack ?? stackOfList(called)), name, yes);
    });
}

interface RemoveOptions extends StackOptions {
  yes?: boolean;
}

async function change(name: string, availability: "active" | "drain", { stack }: StackOptions, called: Command) {
  const { setAvailability } = await import("../servers/servers.mts");
  await setAvailability(await openStack(stack ?? stackOfList(called)), name, availability);
}

/** Of `berth servers --stack prod drain beta`. */
function stackOfList(called: Command): string | undefined {
  return called.parent?.opts<StackOptions>().stack;
}
