import * as pulumi from "@pulumi/pulumi";
import { WebService } from "../app/web-service";
import type { Network } from "../host/network";
import type { Redis } from "./redis";

export interface RedisCommanderArgs {
  /** The network of Redis, and one that is not internal, as the port is published there. */
  networks: readonly Network[];
  /** What it shows. */
  redis: Redis;
  /** Port of the server's own loopback address. */
  loopbackPort: number;
  /** Image of redis-commander. Default: `rediscommander/redis-commander:latest`, the only tag that is kept up. */
  image?: string;
}

/** redis-commander, a page to look into Redis, for the server's own loopback address only. */
export class RedisCommander extends pulumi.ComponentResource {
  constructor(name: string, args: RedisCommanderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:RedisCommander", name, {}, opts);
    const { networks, redis, loopbackPort, image = "rediscommander/redis-commander:latest" } = args;
    new WebService(
      name,
      {
        networks,
        image,
        port: PORT,
        loopbackPorts: { [loopbackPort]: PORT },
        // Its entrypoint would put a password on the command line.
        files: { "/redis-commander/config/local-production.json": connection(redis) },
        // The user `redis` of the official image.
        user: "10000:0",
        tmpfs: ["/tmp"],
        health: { command: ["node", "-e", `require("net").connect(${PORT}, "127.0.0.1").on("connect", process.exit)`] },
        stopGrace: 1,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

const PORT = 8081;

/** Its configuration: signed in as the application, and nothing is written back. */
function connection({ host, port, login, password }: Redis): pulumi.Output<string> {
  return pulumi.all([login, password]).apply(([username, secret]) =>
    JSON.stringify({
      noSave: true,
      connections: [{ label: host, host, port, username, password: secret, dbIndex: 0 }],
    }),
  );
}
