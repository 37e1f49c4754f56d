import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../naming";
import type { Server } from "./server";

export interface NetworkArgs {
  server: Server;
  /** Cut off from everything outside the server, in both directions. Default: false. */
  internal?: boolean;
}

/** A bridge network of the stack's own: containers in it find each other by name, and nothing else reaches them. */
export class Network extends pulumi.ComponentResource {
  readonly server: Server;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:host:Network", name, {}, opts);
    this.server = args.server;
    const network = new docker.Network(
      name,
      { driver: "bridge", internal: args.internal ?? false, labels: labels({ service: name }) },
      { parent: this, provider: args.server.docker, deleteBeforeReplace: true },
    );
    this.name = network.name;
    args.server.networks.push(this.name);
    this.registerOutputs({ name: this.name });
  }
}
