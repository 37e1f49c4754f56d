import { serverLabel } from "../../model/labels.ts";
import { Problem } from "../../model/problem.ts";
import { otherServersOf, type State, serversOf } from "../../model/state.ts";
import type { EngineApi } from "../../remote/swarm/engine-api.mts";
import { managerAmong, type Node, nodesOf, updateNode } from "../../remote/swarm/swarm.mts";
import type { Stack } from "../project/stack.mts";
import { readState } from "../state/state.mts";
import { table } from "../terminal/table.mts";

/** A server in the output of `berth servers`. */
export interface ShownServer {
  name: string;
  role: "manager" | "worker";
  /** `ready`, `down`, … */
  state: string;
  /** `active`, or `drain`: its services have moved to the others. */
  availability: string;
  /** Whether it leads the managers. */
  leader: boolean;
  /** Containers of services that run there, of all stacks. */
  containers: number;
}

/** The servers of a stack, as its Swarm sees them. @throws Problem if the stack is on one server, or no manager answers. */
export async function listServers(stack: Stack): Promise<ShownServer[]> {
  const manager = await managerOf(stack);
  const nodes = await nodesOf<Node & { ManagerStatus?: { Leader?: boolean } }>(manager);
  const filters = encodeURIComponent(JSON.stringify({ "desired-state": ["running"] }));
  const tasks = await manager.get<{ NodeID?: string; Status: { State: string } }[]>(`/tasks?filters=${filters}`);
  return nodes
    .flatMap((node) => {
      const name = nameOf(stack, node);
      const here = tasks.filter(({ NodeID, Status }) => NodeID === node.ID && Status.State === "running");
      const { Role: role, Availability: availability } = node.Spec;
      const leader = node.ManagerStatus?.Leader === true;
      return name === undefined
        ? []
        : [{ name, role, state: node.Status.State, availability, leader, containers: here.length }];
    })
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Why the servers of a stack cannot be changed at the moment; nothing for a stack on one server. */
export async function swarmProblems(stack: Stack, state: State): Promise<string[]> {
  if (otherServersOf(state).length === 0) return [];
  try {
    await nodesOf(await managerOf(stack, state));
    return [];
  } catch (error) {
    if (error instanceof Problem) return [error.message];
    throw error;
  }
}

/** Drains a server, so that its services move to the others, or lets services run there again. @throws Problem if there is none. */
export async function setAvailability(stack: Stack, name: string, availability: "active" | "drain"): Promise<void> {
  const manager = await managerOf(stack);
  const nodes = await nodesOf(manager);
  const node = nodes.find((one) => nameOf(stack, one) === name);
  if (!node) {
    const known = nodes.flatMap((one) => nameOf(stack, one) ?? []);
    throw new Problem(`The stack ${stack.name} has no server ${name}, only ${known.sort().join(", ")}.`);
  }
  await updateNode(manager, node.ID, () => ({ Availability: availability }));
}

/** Formats servers as text, with what the managers can still lose. */
export function asText(servers: ShownServer[]): string {
  const managers = servers.filter(({ role }) => role === "manager");
  const ready = managers.filter(({ state }) => state === "ready").length;
  const spare = ready - (Math.floor(managers.length / 2) + 1);
  return [
    table(
      ["SERVER", "ROLE", "STATE", "SERVICES", "CONTAINERS"],
      servers.map(({ name, role, state, availability, leader, containers }) => [
        name,
        leader ? "leader" : role,
        state,
        availability === "active" ? "run here" : "moved to others",
        String(containers),
      ]),
    ),
    "",
    `${ready} of ${managers.length} managers are ready; ${spare > 0 ? `${spare} more may fail` : "none more may fail"}.`,
  ].join("\n");
}

/** Any of the servers that answers as a manager. */
export async function managerOf(stack: Stack, state?: State): Promise<EngineApi> {
  const servers = serversOf(state ?? (await readState(stack)));
  if (servers.length < 2) {
    throw new Problem(`The stack ${stack.name} is on one server. docs/several-servers.md says how to take several.`);
  }
  const named = servers.map(({ name, sshPrefix }) => ({ name: name || "with the data", ssh: sshPrefix }));
  return (await managerAmong(named)).engine;
}

/** The name of a node in the stack's settings; undefined if it is of other stacks only. */
function nameOf({ project, name: stack }: Stack, { Spec }: Pick<Node, "Spec">): string | undefined {
  return Spec.Labels?.[serverLabel({ project: project.name, stack })];
}
