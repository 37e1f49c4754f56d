import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { networkProblems } from "../model/name-rules";
import { labels } from "../naming";
import { refuse } from "../problems";
import type { Swarm } from "./place";
import { type InStack, placeOf, scopeOf } from "./scope";
import type { Server } from "./server";

export interface NetworkArgs {
  /** The stack it belongs to. */
  stack: InStack;
  /** Blocks traffic to and from everything outside the network. Default: false. */
  internal?: boolean;
}

/** A network as containers on one of the stack's servers use it. */
export type InNetwork = Pick<Network, "stack" | "name" | "id">;

/**
 * A network of the stack: its containers resolve each other by name and are isolated from other networks. In a cluster, it reaches over
 * all servers.
 */
export class Network extends pulumi.ComponentResource {
  readonly stack: InStack;
  readonly name: pulumi.Output<string>;
  readonly id: pulumi.Output<string>;

  constructor(name: string, { stack, internal = false }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:host:Network", name, {}, opts);
    refuse(`the network ${name}`, networkProblems(name), this);
    this.stack = stack;
    const { networks } = scopeOf(stack).add(this);
    const { home, swarm } = placeOf(stack);
    const network = new docker.Network(
      name,
      { ...driverOf(swarm), internal, labels: labels({ service: name }) },
      {
        parent: this,
        provider: home.docker,
        // From one server to several, the old network remains until its containers are deleted.
        deleteBeforeReplace: swarm === undefined,
        // A server with another MTU may join later. A replacement would stop all containers.
        ...(swarm && { dependsOn: [...swarm.joined], ignoreChanges: ["options"] }),
      },
    );
    this.name = network.name;
    this.id = network.id;
    networks.push(this.name);
    this.registerOutputs({ name: this.name });
  }
}

function driverOf(swarm: Swarm | undefined): Pick<docker.NetworkArgs, "driver" | "attachable" | "options"> {
  // Containers can join an attachable network, as Swarm services do.
  return swarm ? { driver: "overlay", attachable: true, options: swarm.networkOptions } : { driver: "bridge" };
}

/** Networks as containers on another server of the stack use them. */
export function networksOn(networks: readonly InNetwork[], server: Server): InNetwork[] {
  return networks.map(({ stack, name, id }) => ({ stack: { ...stack, server }, name, id }));
}
