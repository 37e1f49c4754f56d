import type * as pulumi from "@pulumi/pulumi";
import type { Server } from "./server";

/** Where a stack stands: a server, or a cluster of servers. */
export interface Place {
  /** The server with the stack's data, jobs, published ports and record of releases. */
  readonly home: Server;
  /** All servers, the home first. */
  readonly servers: readonly Server[];
  /** The servers with the site's ports. */
  readonly edges: readonly Server[];
  /** What runs services on any of the servers; undefined for one server. */
  readonly swarm: Swarm | undefined;
}

/** The Swarm of several servers. */
export interface Swarm {
  /** The resources with which all servers are in it. */
  joined: readonly pulumi.Resource[];
  /** Options of its overlay networks. */
  networkOptions: pulumi.Output<Record<string, string>>;
}
