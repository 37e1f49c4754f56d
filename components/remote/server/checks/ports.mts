import { DOOR_PORTS, DOOR_SANDBOX } from "../../../model/door.ts";
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
    return holder === undefined
      ? []
      : [problem(`port ${one.port}`, `in use by ${holder.name}`, adviceFor(one, holder, target))];
  });
  // A listener on all addresses is in the way of each.
  const distinct = [...new Map(inUse.map((check) => [`${check.name} ${check.found}`, check])).values()];
  return distinct.length > 0 ? distinct : [ok("ports", `${list} free or used by this stack`)];
}

interface Holder {
  name: string;
  /** Whether a site uses the port, which several can share. Default: false. */
  shares?: "front door" | "site";
}

function adviceFor({ port, setting, names }: PublishedPort, { shares }: Holder, { stack }: Target): string {
  if (shares === "front door") {
    return `Share it with the other sites: pulumi config set frontDoor true --stack ${stack}`;
  }
  if (names) {
    return shares === "site"
      ? "Set frontDoor to true in that stack and deploy it first, with a downtime of some seconds for its site"
      : "Stop it, as the front door needs the port";
  }
  const other = setting ? `pulumi config set ${setting} … --stack ${stack}` : "in the program or its settings";
  const advice = `Stop it, or choose another port: ${other}`;
  return shares === "site" && DOOR_PORTS.includes(port)
    ? `${advice}. To share the port, set frontDoor to true in both stacks`
    : advice;
}

/** The program or container that uses the port; undefined if it is free or used by this stack. */
function holderOf(
  required: PublishedPort,
  { listeners, containers, routes }: Server,
  target: Target,
): Holder | undefined {
  const holders = containers.filter((one) => publishes(one, required));
  if (holders.some((one) => one.project === target.project && one.stack === target.stack)) return undefined;
  const [other] = holders;
  if (other?.name === DOOR_SANDBOX) {
    const sites = routes.map(({ project, stack }) => `${stack} of ${project}`).join(", ");
    return required.names ? undefined : { name: `the front door of the stacks ${sites}`, shares: "front door" };
  }
  if (other?.stack) {
    return { name: `the container ${other.name} of the stack ${other.stack} of ${other.project}`, shares: "site" };
  }
  if (other) return { name: `the container ${other.name}` };
  const listener = listeners.find(({ address, port }) => port === required.port && clash(address, required.address));
  if (!listener) return undefined;
  const { program, unit } = listener;
  if (unit) return { name: `${program} (${unit})` };
  return { name: program || "a program that only root can see (sudo ss -ltnp)" };
}

/** Parses `0.0.0.0:80->80/tcp, [::]:8000-8002->8000-8002/tcp, 5432/tcp`. */
function publishes({ ports }: Container, required: PublishedPort): boolean {
  return [...ports.matchAll(/(\S*):(\d+)(?:-(\d+))?->\S*\/tcp/g)].some(([, address = "", first, last = first]) => {
    const within = Number(first) <= required.port && required.port <= Number(last);
    return within && clash(address.replace(/^\[|\]$/g, ""), required.address);
  });
}
