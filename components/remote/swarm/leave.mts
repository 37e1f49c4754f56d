// Removes a server from the Swarm of its stack. Pulumi starts it with Node.js (host/cluster.ts).
import { nodeLabel, nodeLabels } from "../../model/labels.ts";
import { Problem } from "../../model/problem.ts";
import { entryPoint } from "../entry-point.mts";
import { attempt, runInteractively } from "../run.mts";
import { prepareServer, type Wanted } from "../server/prepare.mts";
import { EngineApi, Unreachable } from "./engine-api.mts";
import { demote, forget, nodeNamed } from "./forget.mts";
import type { Joining } from "./join.mts";
import { managerAmong, nodeOf, swarmOf, until, updateNode } from "./swarm.mts";

/** Seconds for the services of a server to move to the others. */
const DRAIN_SECONDS = 180;

/** Entry point of a local command of Pulumi, which sets environment variables with the server and how it is prepared alone. */
export async function leave(): Promise<void> {
  const { JOINING = "", ALONE = "" } = process.env;
  const joining: Joining = JSON.parse(JOINING);
  const alone: Wanted = JSON.parse(ALONE);
  await entryPoint(() => leaveSwarm(joining, alone));
}

/**
 * Moves the services of a server to the others, and removes it from the Swarm. It stays if another stack of Berth uses it there. The
 * engine then keeps its containers running while it restarts, as on one server. Repeatable.
 */
export async function leaveSwarm(joining: Joining, alone: Wanted): Promise<void> {
  const engine = new EngineApi(joining.name, joining.ssh);
  const swarm = await swarmOf(engine).catch((error) => {
    if (error instanceof Unreachable && joining.managers.length > 0) return undefined;
    throw error;
  });
  if (!swarm) return forget((await managerAmong(joining.managers)).engine, joining);
  if (swarm.LocalNodeState === "active") {
    const first = joining.managers.length === 0;
    const manager = first ? engine : (await managerAmong(joining.managers)).engine;
    if (await staysFor(manager, swarm.NodeID, joining)) return;
    if (!first) await drain(manager, engine, swarm.NodeID);
    await engine.post(`/swarm/leave?force=${first}`);
    if (!first) await removeNode(manager, swarm.NodeID);
    await attempt({ sshPrefix: joining.ssh, project: joining.project, stack: joining.stack }, "remove-tasks.sh");
  } else if (swarm.LocalNodeState !== "inactive" && !(await leaveStranded(engine, joining))) return;
  await prepareAlone(joining, alone);
}

/**
 * Leaves a Swarm whose managers the engine does not reach, e.g. as its address has changed. Returns whether it has left, which it does not
 * if other stacks use the server there.
 */
async function leaveStranded(engine: EngineApi, joining: Joining): Promise<boolean> {
  const manager = joining.managers.length > 0 ? (await managerAmong(joining.managers)).engine : undefined;
  const node = manager && (await nodeNamed(manager, joining));
  if (manager && node && (await staysFor(manager, node.ID, joining))) return false;
  await engine.post("/swarm/leave?force=true");
  if (manager && node) {
    await demote(manager, node.ID);
    await removeNode(manager, node.ID);
  }
  return true;
}

/** Not worth a failed removal: the next deployment to the server prepares it too. */
async function prepareAlone({ ssh, project, stack, name }: Joining, alone: Wanted): Promise<void> {
  const place = { sshPrefix: ssh, project, stack };
  try {
    await prepareServer(place, alone);
    await runInteractively(place, "prepare/restore-names.sh", { withoutEngine: true });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.log(`The server ${name} has left the Swarm, but its engine is not prepared for it: ${error.message}`);
  }
}

/** Whether other stacks use the node. Removes this stack's label from it. */
async function staysFor(manager: EngineApi, id: string, stack: Joining): Promise<boolean> {
  const own = nodeLabels(stack, stack.name);
  await updateNode(manager, id, ({ Labels }) => ({
    Labels: Object.fromEntries(Object.entries(Labels ?? {}).filter(([label]) => !(label in own))),
  }));
  const others = Object.keys((await nodeOf(manager, id))?.Spec.Labels ?? {}).filter((one) =>
    one.startsWith(nodeLabel()),
  );
  if (others.length === 0) return false;
  console.log(`The server ${stack.name} stays in the Swarm, as other stacks run there: ${others.join(", ")}.`);
  return true;
}

/** Waits until the node runs no task, and is no manager. */
async function drain(manager: EngineApi, engine: EngineApi, id: string): Promise<void> {
  const name = engine.server;
  console.error(`Moving the services of the server ${name} to the others`);
  await updateNode(manager, id, () => ({ Availability: "drain", Role: "worker" }));
  const filters = encodeURIComponent(JSON.stringify({ node: [id], "desired-state": ["running"] }));
  const empty = () => manager.get<unknown[]>(`/tasks?filters=${filters}`).then((tasks) => tasks.length === 0);
  if (!(await until(empty, DRAIN_SECONDS))) {
    console.error(`Services still run on the server ${name} after ${DRAIN_SECONDS} s; they stop with it.`);
  }
  // A manager that leaves before the others have agreed would still count for the quorum.
  await until(async () => !(await swarmOf(engine)).ControlAvailable, 60);
}

/** The manager notices after some seconds that a node has left. */
async function removeNode(manager: EngineApi, id: string): Promise<void> {
  await until(async () => (await nodeOf(manager, id))?.Status.State !== "ready", 60);
  if (await nodeOf(manager, id)) await manager.delete(`/nodes/${id}?force=true`);
}
