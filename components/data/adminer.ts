import * as pulumi from "@pulumi/pulumi";
import { WebService } from "../app/web-service";
import type { Network } from "../host/network";

export interface AdminerArgs {
  /** The database's network, and a network that is not internal, in which Docker publishes the port. */
  networks: readonly Network[];
  /** Port on the server's loopback address. */
  loopbackPort: number;
  /** Image of Adminer. Default: `adminer:5`. */
  image?: string;
  /** Database server that the sign-in form suggests. Default: `postgres`. */
  database?: string;
}

/** Adminer, a web page to inspect a database, on the server's loopback address only. */
export class Adminer extends pulumi.ComponentResource {
  constructor(name: string, args: AdminerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:Adminer", name, {}, opts);
    const { networks, loopbackPort, image = "adminer:5", database = "postgres" } = args;
    new WebService(
      name,
      {
        networks,
        image,
        port: PORT,
        loopbackPorts: { [loopbackPort]: PORT },
        env: { ADMINER_DEFAULT_SERVER: database },
        // The user `adminer` of the official image.
        user: "100:101",
        tmpfs: ["/tmp"],
        health: { command: ["php", "-r", `exit(@fsockopen('127.0.0.1', ${PORT}) ? 0 : 1);`] },
        stopGrace: 1,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

const PORT = 8080;
