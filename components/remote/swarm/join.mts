// Joins a server to the Swarm of its stack. Pulumi starts it with Node.js (host/cluster.ts).

import { nodeLabels } from "../../model/labels.ts";
import type { StackId } from "../../model/names.ts";
import { Problem } from "../../model/problem.ts";
import { entryPoint } from "../entry-point.mts";
import { attempt } from "../run.mts";
import { EngineApi } from "./engine-api.mts";
import { isOurs, managerAmong, nodeOf, type SwarmServer, swarmOf, until, updateNode } from "./swarm.mts";

/** What join and leave know of a server. */
export interface Joining extends StackId, SwarmServer {
  role: "manager" | "worker";
  /** Address for the other servers; empty for the one of the server's default route. */
  address: string;
  /** The other managers. Empty for the first one, which creates the Swarm. */
  managers: SwarmServer[];
}

/** What the stack's networks need to know of a server. */
interface NetworkFacts {
  address: string;
  /** The largest packet in bytes. */
  mtu: number;
  /** Whether the kernel can encrypt traffic between the servers. */
  encrypts: boolean;
}

/** Subnets of the overlay networks. Swarm's own choice, 10.0.0.0/8, begins with addresses that private networks often have. */
const POOL = { DefaultAddrPool: ["10.201.0.0/16"], SubnetSize: 24 };

/** Port of the managers. */
const PORT = 2377;

/** Entry point of a local command of Pulumi, which sets an environment variable with the server. Prints its NetworkFacts. */
export async function join(): Promise<void> {
  const joining: Joining = JSON.parse(process.env["JOINING"] ?? "");
  await entryPoint(async () => console.log(JSON.stringify(await joinSwarm(joining))));
}

/**
 * Creates the Swarm on the first server, or joins another one to it, and labels the node for the stack. Repeatable.
 * @throws Problem if the server is in a Swarm that no stack of Berth has made.
 */
export async function joinSwarm(joining: Joining): Promise<NetworkFacts> {
  const facts = await networkFacts(joining);
  const engine = new EngineApi(joining.name, joining.ssh);
  const { LocalNodeState: state, Error: reason = "" } = await swarmOf(engine);
  if (state !== "inactive" && state !== "active") {
    throw new Problem(
      `The server ${joining.name} is in a Swarm that is ${state}${reason && ` (${reason})`}. Nothing was changed. Repair it, or leave it on the server: docker swarm leave --force`,
    );
  }
  if (joining.managers.length === 0) await createSwarm(engine, joining, facts, state === "active");
  else await joinOthers(engine, joining, facts, state === "active");
  return facts;
}

async function createSwarm(engine: EngineApi, stack: StackId, { address }: NetworkFacts, exists: boolean) {
  if (!exists) {
    console.error(`Creating a Swarm on the server ${engine.server} (${address})`);
    await engine.post("/swarm/init", {
      ListenAddr: `0.0.0.0:${PORT}`,
      AdvertiseAddr: address,
      ...POOL,
      Spec: {},
    });
  }
  const { NodeID, ControlAvailable } = await swarmOf(engine);
  const nodes = ControlAvailable ? await engine.get<Parameters<typeof isOurs>[0][]>("/nodes") : [];
  const unused = nodes.length === 1 && (await engine.get<unknown[]>("/services")).length === 0;
  if (exists && !unused && !nodes.some(isOurs)) throw foreign(engine.server);
  await label(engine, NodeID, stack, engine.server);
}

async function joinOthers(engine: EngineApi, joining: Joining, { address }: NetworkFacts, exists: boolean) {
  const manager = await managerAmong(joining.managers);
  const known = exists && (await nodeOf(manager.engine, (await swarmOf(engine)).NodeID));
  if (exists && !known) throw foreign(joining.name);
  if (!exists) await joinNew(engine, manager, joining.role, address);
  const { NodeID } = await swarmOf(engine);
  const ready = () => nodeOf(manager.engine, NodeID).then((node) => node?.Status.State === "ready");
  if (!(await until(ready, 60))) {
    throw new Problem(
      `The server ${joining.name} (${address}) has joined the Swarm, but ${manager.engine.server} does not see it as ready after 60 s. Open the ports 2377/tcp, 7946/tcp, 7946/udp and 4789/udp between the servers.`,
    );
  }
  await takeRole(manager.engine, NodeID, joining);
  await label(manager.engine, NodeID, joining, joining.name);
}

/** Joins with a token that is valid for this join only. */
async function joinNew(
  engine: EngineApi,
  manager: { engine: EngineApi; address: string },
  role: Joining["role"],
  address: string,
) {
  console.error(`Joining the server ${engine.server} (${address}) to the Swarm of ${manager.engine.server} as ${role}`);
  const { JoinTokens } = await manager.engine.get<{ JoinTokens: { Manager: string; Worker: string } }>("/swarm");
  try {
    await engine.post("/swarm/join", {
      ListenAddr: `0.0.0.0:${PORT}`,
      AdvertiseAddr: address,
      RemoteAddrs: [`${manager.address}:${PORT}`],
      JoinToken: role === "manager" ? JoinTokens.Manager : JoinTokens.Worker,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Problem(
      `The server ${engine.server} cannot join the Swarm at ${manager.address}:${PORT}. Open the ports 2377/tcp, 7946/tcp, 7946/udp and 4789/udp between the servers.\n\n${reason}`,
    );
  } finally {
    await rotateTokens(manager.engine);
  }
}

async function rotateTokens(manager: EngineApi): Promise<void> {
  const { Version, Spec } = await manager.get<{ Version: { Index: number }; Spec: unknown }>("/swarm");
  await manager.post(`/swarm/update?version=${Version.Index}&rotateWorkerToken=true&rotateManagerToken=true`, Spec);
}

async function label(manager: EngineApi, id: string, stack: StackId, name: string): Promise<void> {
  await updateNode(manager, id, ({ Labels }) => ({ Labels: { ...Labels, ...nodeLabels(stack, name) } }));
}

function foreign(name: string): Problem {
  return new Problem(
    `The server ${name} is in another Swarm, which no stack of Berth has made. Nothing was changed. If nothing uses it, leave it on the server: docker swarm leave --force`,
  );
}

async function networkFacts({ ssh, project, stack, address, name }: Joining): Promise<NetworkFacts> {
  const place = { sshPrefix: ssh, project, stack };
  const { status, stdout, stderr } = await attempt(place, "swarm-facts.sh", { words: [address], withoutEngine: true });
  const [, found = "", mtu = "", encrypts = ""] = /^(\S+) (\d+) (yes|no)$/m.exec(stdout) ?? [];
  if (status === 0 && found) return { address: found, mtu: Number(mtu), encrypts: encrypts === "yes" };
  if (status === 3) {
    throw new Problem(
      `The server ${name} sends from ${stdout.trim()}, not from its address ${address} (setting servers), so packets between containers would be lost. Nothing was changed. Set address: ${stdout.trim()}`,
    );
  }
  const own = address ? `has no address ${address}` : "has no IPv4 address for the other servers; set its address";
  throw new Problem(`The server ${name} ${own} (setting servers). Nothing was changed. ${stderr.trim()}`.trim());
}

/** A manager is not made a worker while others do not answer: the Swarm would lose its quorum. */
async function takeRole(manager: EngineApi, id: string, { name, role }: Joining): Promise<void> {
  try {
    await updateNode(manager, id, () => ({ Role: role }));
  } catch (error) {
    if (!(error instanceof Problem) || !error.message.includes("loss of quorum")) throw error;
    console.log(
      `The server ${name} stays a manager, as another one does not answer. Once that is back or removed, on ${manager.server}: docker node demote ${id}`,
    );
  }
}
