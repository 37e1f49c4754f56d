import { nodeLabels } from "../../model/labels.ts";
import { type EngineApi, Unreachable } from "./engine-api.mts";
import { type Node, nodesOf, updateNode } from "./swarm.mts";

/** A server by its name in a stack's settings. */
interface Member {
  project: string;
  stack: string;
  name: string;
}

/** Removes a server that does not answer from the Swarm. Repeatable. @throws Unreachable if it still runs there. */
export async function forget(manager: EngineApi, { name, ...stack }: Member): Promise<void> {
  const node = await nodeNamed(manager, { name, ...stack });
  if (!node) return;
  if (node.Status.State === "ready") {
    throw new Unreachable(`The server ${name} does not answer over SSH, but runs in the Swarm.`);
  }
  await demote(manager, node.ID);
  await manager.delete(`/nodes/${node.ID}?force=true`);
  console.log(`The server ${name} does not answer, and was removed from the Swarm.`);
}

/** The node of a server, by the labels that it had when it joined. */
export async function nodeNamed(manager: EngineApi, { name, ...stack }: Member): Promise<Node | undefined> {
  const labels = Object.entries(nodeLabels(stack, name));
  const nodes = await nodesOf(manager);
  return nodes.find(({ Spec }) => labels.every(([label, value]) => Spec.Labels?.[label] === value));
}

/** Makes a node a worker. After `docker swarm init --force-new-cluster`, a lost manager is not a member any longer, and can be removed as it is. */
export async function demote(manager: EngineApi, id: string): Promise<void> {
  try {
    await updateNode(manager, id, () => ({ Role: "worker" }));
  } catch (error) {
    if (!String(error).includes("raft memberlist")) throw error;
  }
}
