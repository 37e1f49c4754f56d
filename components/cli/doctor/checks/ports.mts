import { type Check, ok, problem, skipped } from "../check.mts";
import type { Container, Facts, Server } from "../facts.mts";

interface RequiredPort {
  setting: string;
  address: string;
  port: number;
}

/** All ports that the stack publishes on the server. */
export function requiredPorts({ values, toolPorts }: Facts["settings"]): RequiredPort[] {
  const { httpAddress = "0.0.0.0", httpPort, httpsPort, tls } = values;
  const site = (setting: string, port = "0") =>
    httpAddress.split(",").map((address) => ({ setting, address: address.trim(), port: Number(port) }));
  return [
    ...site("httpPort", httpPort),
    ...(tls === "off" ? [] : site("httpsPort", httpsPort)),
    ...Object.entries(toolPorts).map(([setting, port]) => ({ setting, address: "127.0.0.1", port })),
  ];
}

/** One check for each port that is in use, or one for all ports. */
export function ports(facts: Facts): Check[] {
  const { server } = facts;
  const required = requiredPorts(facts.settings);
  const list = [...new Set(required.map(({ port }) => port))].join(", ");
  if (!server) return [skipped("ports", "the server is not reachable")];
  if (!server.has.has("ss") && !server.docker.version)
    return [skipped("ports", `${list}: unknown, as the server has no ss`)];
  const inUse = required.flatMap((one) => {
    const holder = holderOf(one, server, facts);
    return holder === undefined
      ? []
      : [
          problem(
            `port ${one.port}`,
            `in use by ${holder}`,
            `Stop it, or choose another port: pulumi config set ${one.setting} … --stack ${facts.stack}`,
          ),
        ];
  });
  // A listener on all addresses is in the way of each.
  const distinct = [...new Map(inUse.map((check) => [`${check.name} ${check.found}`, check])).values()];
  return distinct.length > 0 ? distinct : [ok("ports", `${list} free or used by this stack`)];
}

/** The program or container that uses the port; undefined if it is free or used by this stack. */
function holderOf(
  required: RequiredPort,
  { listeners, containers }: Server,
  { project, stack }: Facts,
): string | undefined {
  const holders = containers.filter((one) => publishes(one, required));
  if (holders.some((one) => one.project === project && one.stack === stack)) return undefined;
  const [other] = holders;
  if (other)
    return other.stack
      ? `the container ${other.name} of the stack ${other.stack} of ${other.project}`
      : `the container ${other.name}`;
  const listener = listeners.find(({ address, port }) => port === required.port && overlap(address, required.address));
  if (!listener) return undefined;
  return listener.program || "a program that only root can see (sudo ss -ltnp)";
}

/** Parses `0.0.0.0:80->80/tcp, [::]:8000-8002->8000-8002/tcp, 5432/tcp`. */
function publishes({ ports }: Container, required: RequiredPort): boolean {
  return [...ports.matchAll(/(\S*):(\d+)(?:-(\d+))?->\S*\/tcp/g)].some(([, address = "", first, last = first]) => {
    const within = Number(first) <= required.port && required.port <= Number(last);
    return within && overlap(address.replace(/^\[|\]$/g, ""), required.address);
  });
}

const ALL = ["0.0.0.0", "::", "*", ""];

function overlap(one: string, other: string): boolean {
  return one === other || ALL.includes(one) || ALL.includes(other);
}
