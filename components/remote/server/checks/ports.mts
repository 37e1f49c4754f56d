import type { PublishedPort } from "../../../model/published-port.ts";
import { type Check, ok, problem, skipped } from "../check.mts";
import type { Container, Server } from "../facts.mts";
import { clash } from "./addresses.mts";
import type { Target } from "./target.mts";

/** One check for each port that is in use, or one for all ports. */
export function portChecks(server: Server, target: Target): Check[] {
  const list = [...new Set(target.ports.map(({ port }) => port))].join(", ");
  if (!server.has.has("ss") && !server.docker.version)
    return [skipped("ports", `${list}: unknown, as the server has no ss`)];
  const inUse = target.ports.flatMap((one) => {
    const holder = holderOf(one, server, target);
    return holder === undefined ? [] : [problem(`port ${one.port}`, `in use by ${holder}`, adviceFor(one, target))];
  });
  // A listener on all addresses is in the way of each.
  const distinct = [...new Map(inUse.map((check) => [`${check.name} ${check.found}`, check])).values()];
  return distinct.length > 0 ? distinct : [ok("ports", `${list} free or used by this stack`)];
}

function adviceFor({ setting }: PublishedPort, { stack }: Target): string {
  const other = setting ? `pulumi config set ${setting} … --stack ${stack}` : "in the program or its settings";
  return `Stop it, or choose another port: ${other}`;
}

/** The program or container that uses the port; undefined if it is free or used by this stack. */
function holderOf(required: PublishedPort, { listeners, containers }: Server, target: Target): string | undefined {
  const holders = containers.filter((one) => publishes(one, required));
  if (holders.some((one) => one.project === target.project && one.stack === target.stack)) return undefined;
  const [other] = holders;
  if (other)
    return other.stack
      ? `the container ${other.name} of the stack ${other.stack} of ${other.project}`
      : `the container ${other.name}`;
  const listener = listeners.find(({ address, port }) => port === required.port && clash(address, required.address));
  if (!listener) return undefined;
  const { program, unit } = listener;
  if (unit) return `${program} (${unit})`;
  return program || "a program that only root can see (sudo ss -ltnp)";
}

/** Parses `0.0.0.0:80->80/tcp, [::]:8000-8002->8000-8002/tcp, 5432/tcp`. */
function publishes({ ports }: Container, required: PublishedPort): boolean {
  return [...ports.matchAll(/(\S*):(\d+)(?:-(\d+))?->\S*\/tcp/g)].some(([, address = "", first, last = first]) => {
    const within = Number(first) <= required.port && required.port <= Number(last);
    return within && clash(address.replace(/^\[|\]$/g, ""), required.address);
  });
}
