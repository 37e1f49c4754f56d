import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { networkProblems } from "../model/name-rules";
import { labels } from "../naming";
import { refuse } from "../problems";
import { type InStack, scopeOf } from "./scope";

export interface NetworkArgs {
  /** The stack it belongs to. */
  stack: InStack;
  /** Blocks traffic to and from everything outside the network. Default: false. */
  internal?: boolean;
}

/** A bridge network of the stack: its containers resolve each other by name and are isolated from other networks. */
export class Network extends pulumi.ComponentResource {
  readonly stack: InStack;
  readonly name: pulumi.Output<string>;

  constructor(name: string, { stack, internal = false }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:host:Network", name, {}, opts);
    refuse(`the network ${name}`, networkProblems(name), this);
    this.stack = stack;
    const { networks } = scopeOf(stack).add(this);
    const network = new docker.Network(
      name,
      { driver: "bridge", internal, labels: labels({ service: name }) },
      { parent: this, provider: stack.server.docker, deleteBeforeReplace: true },
    );
    this.name = network.name;
    networks.push(this.name);
    this.registerOutputs({ name: this.name });
  }
}
