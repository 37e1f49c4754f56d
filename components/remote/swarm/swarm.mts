import { setTimeout as pause } from "node:timers/promises";
import { nodeLabel } from "../../model/labels.ts";
import { Problem } from "../../model/problem.ts";
import { EngineApi, Unreachable } from "./engine-api.mts";

/** A server of a stack, as the program passes it to join and leave. */
export interface SwarmServer {
  name: string;
  /** The ssh command line up to the remote command, quoted for a shell. */
  ssh: string;
}

/** What the engine's API says of the Swarm, as far as Berth reads it. */
export interface SwarmInfo {
  LocalNodeState: string;
  NodeID: string;
  NodeAddr: string;
  ControlAvailable: boolean;
  Error?: string;
}

/** A node of the Swarm. */
export interface Node {
  ID: string;
  Version: { Index: number };
  Spec: { Name?: string; Role: "manager" | "worker"; Availability: string; Labels?: Record<string, string> | null };
  Status: { State: string; Addr?: string };
}

export async function swarmOf(engine: EngineApi): Promise<SwarmInfo> {
  return (await engine.get<{ Swarm: SwarmInfo }>("/info")).Swarm;
}

/** The first server that answers and is a manager of a Swarm. @throws Problem if there is none. */
export async function managerAmong(servers: readonly SwarmServer[]): Promise<{ engine: EngineApi; address: string }> {
  const reasons: string[] = [];
  for (const { name, ssh } of servers) {
    const engine = new EngineApi(name, ssh);
    try {
      const { ControlAvailable, NodeAddr, LocalNodeState } = await swarmOf(engine);
      if (ControlAvailable) return { engine, address: NodeAddr };
      reasons.push(`${name} is no manager (${LocalNodeState})`);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      reasons.push(error.message);
    }
  }
  throw new Problem(`No manager of the Swarm answers: ${reasons.join("; ") || "there is none left"}.`);
}

/** All nodes of a manager's Swarm. @throws Problem with the way out if too few managers are left to agree. */
export async function nodesOf<Shown extends Node>(manager: EngineApi): Promise<Shown[]> {
  try {
    return await manager.get<Shown[]>("/nodes");
  } catch (error) {
    if (!(error instanceof Problem) || !/does not have a leader|deadline exceeded/.test(error.message)) throw error;
    throw new Problem(
      "The Swarm has lost its quorum: more than half of its managers must answer. Services go on, but none can be deployed, and none moves to another server. Start the missing servers; if they are lost for good, docs/several-servers.md has the way out.",
    );
  }
}

export async function nodeOf(manager: EngineApi, id: string): Promise<Node | undefined> {
  return (await nodesOf(manager)).find((node) => node.ID === id);
}

/** Whether a stack of Berth has labelled the node. */
export function isOurs({ Spec }: Pick<Node, "Spec">): boolean {
  return Object.keys(Spec.Labels ?? {}).some((label) => label.startsWith(nodeLabel()));
}

/** Changes a node. Reads it again before, as an update names the version that it changes. */
export async function updateNode(
  manager: EngineApi,
  id: string,
  change: (spec: Node["Spec"]) => Partial<Node["Spec"]>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const node = await nodeOf(manager, id);
    if (!node) throw new Problem(`The Swarm does not know the node ${id} any longer.`);
    const changed = { ...node.Spec, ...change(node.Spec) };
    if (JSON.stringify(changed) === JSON.stringify(node.Spec)) return;
    try {
      return await manager.post(`/nodes/${id}/update?version=${node.Version.Index}`, changed);
    } catch (error) {
      // Swarm itself changes nodes too, e.g. their addresses.
      if (attempt === 5 || !String(error).includes("out of sequence")) throw error;
    }
  }
}

/** Waits until a condition holds, at most `seconds`. Returns whether it does. */
export async function until(condition: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() >= deadline) return false;
    await pause(500);
  }
  return true;
}
