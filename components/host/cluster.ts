import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterServers, managersOf, serversWith } from "../model/cluster-servers";
import { isPublic, type PublishedPort } from "../model/published-port";
import { TYPES } from "../model/types";
import { thisStack } from "../naming";
import { JOIN, LEAVE } from "../remote/reach-command";
import type { HardeningArgs } from "./hardening";
import type { Place, Swarm } from "./place";
import { Server, type ServerArgs } from "./server";
import type { SshTarget } from "./ssh";
import { STEP, stepCall } from "./step";

export interface ClusterArgs extends Omit<ServerArgs, "ssh" | "member"> {
  /** The servers by name, each with its address, host key and roles. */
  servers: ClusterServers;
  /** Port, account and key of the servers that do not name their own. */
  ssh: Pick<SshTarget, "port" | "user" | "keyFile">;
}

/**
 * Several Ubuntu servers over SSH, in a Docker Swarm. Each is prepared like a `Server`, then the data server creates the Swarm and the others
 * join it. A server that is removed from the program is drained and leaves. A server in a Swarm of somebody else is refused.
 *
 * In a Swarm, Docker cannot keep containers running while its engine restarts (live-restore).
 */
export class Cluster extends pulumi.ComponentResource implements Place {
  readonly home: Server;
  readonly servers: readonly Server[];
  readonly edges: readonly Server[];
  readonly swarm: Swarm;

  constructor(name: string, { servers, ssh, ports, ...args }: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPES.cluster, name, {}, opts);
    const managers = managersOf(servers);
    const [home = ""] = managers;
    const ordered = [...new Set([home, ...managers, ...Object.keys(servers).sort()])];
    const made = new Map<string, Server>();
    const joined: command.local.Command[] = [];
    for (const one of ordered) {
      const target = servers[one];
      if (!target) continue;
      const { host, hostKey, address = "" } = target;
      const own = {
        port: target.port ?? ssh.port,
        user: target.user ?? ssh.user,
        keyFile: target.keyFile ?? ssh.keyFile,
      };
      const isHome = one === home;
      // The home has the name of an only server, so that its containers remain when others join it. Ports for tools are there only.
      const server = new Server(
        isHome ? "server" : `server-${one}`,
        {
          ...args,
          hardening: hardeningOf(args.hardening, servers, one),
          ssh: { host, hostKey, ...own },
          member: { name: one, home: isHome },
          ports: pulumi
            .output(ports ?? [])
            .apply((all) => portsOn(all, { isHome, isEdge: target.roles.includes("edge") })),
        },
        { dependsOn: opts?.dependsOn ?? [] },
      );
      const others = managers.flatMap((manager) => {
        const joinedBefore = made.get(manager);
        return joinedBefore ? [{ name: manager, ssh: joinedBefore.sshPrefix }] : [];
      });
      const role = managers.includes(one) ? "manager" : "worker";
      joined.push(this.#join({ name: one, role, address, server, others, after: joined }));
      made.set(one, server);
    }
    this.servers = [...made.values()];
    this.home = this.servers[0] as Server;
    this.edges = serversWith(servers, "edge").flatMap((edge) => made.get(edge) ?? []);
    this.swarm = { joined, networkOptions: networkOptions(joined.map(({ stdout }) => stdout)) };
    this.registerOutputs({ servers: ordered });
  }

  /** One after the other: each join invalidates the token of the one before. */
  #join({ name, role, address, server, others, after }: Join): command.local.Command {
    return new command.local.Command(
      `${name}-joined`,
      {
        create: stepCall("RUN"),
        delete: `${stepCall("UNDO")} </dev/null`,
        environment: {
          STEP,
          RUN: JOIN,
          UNDO: LEAVE,
          JOINING: pulumi
            .all([server.sshPrefix, pulumi.output(others)])
            .apply(([ssh, managers]) => JSON.stringify({ ...thisStack(), name, ssh, role, address, managers })),
          ALONE: server.wantedAlone(),
          // The facts that it prints are not for people.
          BERTH_NOTES: "",
        },
      },
      { parent: this, dependsOn: [server.ready, ...after.slice(-1)] },
    );
  }
}

/** The ports that a server publishes: those of the site on an edge, those for tools at home. */
function portsOn(all: readonly PublishedPort[], { isHome, isEdge }: { isHome: boolean; isEdge: boolean }) {
  return all.filter((port) => (isPublic(port) ? isEdge : isHome));
}

/** With a firewall, the servers reach each other by their addresses, which the settings then have. */
function hardeningOf(hardening: HardeningArgs | undefined, servers: ClusterServers, own: string): HardeningArgs {
  if (!hardening?.firewall) return hardening ?? {};
  const peers = Object.keys(servers).flatMap((name) => (name === own ? [] : (servers[name]?.address ?? [])));
  return { ...hardening, firewall: { ...hardening.firewall, peers: peers.sort() } };
}

interface Join {
  name: string;
  role: "manager" | "worker";
  address: string;
  server: Server;
  /** The managers that have joined before. */
  others: { name: string; ssh: pulumi.Output<string> }[];
  after: readonly pulumi.Resource[];
}

/** Options of overlay networks, from what the servers have printed when they joined (remote/swarm/join.mts). */
function networkOptions(printed: pulumi.Output<string>[]): pulumi.Output<Record<string, string>> {
  return pulumi.all(printed).apply((texts) => {
    const facts = texts.flatMap(factsIn);
    const encrypted = facts.length > 0 && facts.every(({ encrypts }) => encrypts);
    if (!encrypted) {
      pulumi.log.warn(
        "The traffic between the servers is not encrypted, as not every kernel can (IPsec). Use a private network, and set each server's address in it.",
      );
    }
    const mtu = Math.min(1500, ...facts.map((one) => one.mtu));
    const options: Record<string, string> = {
      "com.docker.network.driver.mtu": String(mtu),
      ...(encrypted && { encrypted: "true" }),
    };
    return options;
  });
}

function factsIn(printed: string): { mtu: number; encrypts: boolean }[] {
  return printed
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}
