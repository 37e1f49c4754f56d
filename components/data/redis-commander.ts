import * as pulumi from "@pulumi/pulumi";
import { WebService } from "../app/web-service";
import type { Network } from "../host/network";
import { DEFAULT_IMAGES } from "../model/default-images";
import type { Redis } from "./redis";

export interface RedisCommanderArgs {
  /** The network of Redis, and a network that is not internal, in which Docker publishes the port. */
  networks: readonly Network[];
  /** Redis server to show. */
  redis: Redis;
  /** Port on the server's loopback address. */
  loopbackPort: number;
  /** Image of redis-commander. Default: `rediscommander/redis-commander:latest`, the only maintained tag. */
  image?: string;
}

/** redis-commander, a web page to inspect Redis, on the server's loopback address only. */
export class RedisCommander extends pulumi.ComponentResource {
  constructor(name: string, args: RedisCommanderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:RedisCommander", name, {}, opts);
    const { networks, redis, loopbackPort, image = DEFAULT_IMAGES.redisCommander } = args;
    new WebService(
      name,
      {
        networks,
        image,
        port: PORT,
        loopbackPorts: { [loopbackPort]: PORT },
        // A file, as the image's entrypoint would put the password on the command line.
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

/** Configuration of redis-commander: signs in as the application and saves no changes to the file. */
function connection({ host, port, login, password }: Redis): pulumi.Output<string> {
  return pulumi.all([login, password]).apply(([username, secret]) =>
    JSON.stringify({
      noSave: true,
      connections: [{ label: host, host, port, username, password: secret, dbIndex: 0 }],
    }),
  );
}
