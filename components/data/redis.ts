import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { container } from "../app/container";
import { type ContainerSpec, serverOf, stackOf } from "../app/container-spec";
import { healthGate } from "../app/gate";
import { limitsOf } from "../app/limits";
import { Volume } from "../host/volume";
import { DEFAULT_IMAGES } from "../model/default-images";
import { refuse } from "../problems";
import { scriptBeside } from "../scripts";
import { Secret } from "../secret";
import { connectionUrls } from "./connection-urls";
import type { Login } from "./postgres";
import { type EvictionPolicy, redisConf, redisDirectives } from "./redis-conf";
import { commandProblems, fixedUsers, makeLogin, makeMonitor } from "./redis-users";

export interface RedisArgs
  extends Omit<ContainerSpec, "image" | "volumes" | "files" | "command" | "user" | "capabilities" | "loopbackPorts"> {
  /** Image of Redis, 7 or later. Default: `redis:7-alpine`. */
  image?: string;
  /** Prefix of the names of the applications' logins. Default: `app`. */
  owner?: string;
  /** Password of the application. Default: a generated one. */
  password?: pulumi.Input<string> | undefined;
  /** Raise it to rotate the application's login and password without downtime. Default: 1. */
  passwordVersion?: number;
  /** Memory for data in MiB. Default: half of the container's memory limit. */
  maxMemory?: number;
  /** Eviction policy when the memory is full. Default: `noeviction`: Redis refuses writes and loses no data. */
  policy?: EvictionPolicy;
  /**
   * Commands that the application may run beside those on data, `INFO` and `CLIENT LIST`. Default: none.
   * @example ["config|get"]
   */
  commands?: readonly string[];
  /** Numeric `uid:gid` of the server in its image. Default: `999:1000`, as in the Alpine images; in Debian's it is `999:999`. */
  account?: string;
  /** The volume's name within the stack. Default: `<name>-data`. */
  volume?: string;
  /** Port on the server's loopback address, for tools. Default: none. */
  loopbackPort?: number | undefined;
  /** Settings of redis.conf, which override the component's. Default: none. */
  settings?: Record<string, string>;
}

/**
 * A Redis server with its volume. Redis writes each change to the disk within a second (AOF), and snapshots in addition (RDB).
 * Single instance: a change causes downtime, except a password rotation.
 */
export class Redis extends pulumi.ComponentResource {
  /** Host name of the server in its networks. */
  readonly host: string;
  readonly port = 6379;
  /** The user that the application signs in as. Known after the user is created. */
  readonly login: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** URL for applications, without the password. */
  readonly url: pulumi.Output<string>;
  /** URL for tools on the server, with the password: a secret. Empty without `loopbackPort`. */
  readonly loopbackUrl: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: RedisArgs;
  readonly #running: Running;

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:Redis", name, {}, opts);
    refuse(`Redis ${name}`, commandProblems(args.commands ?? []), this);
    this.host = name;
    const version = args.passwordVersion ?? 1;
    this.password = new Secret(`${name}-password`, { value: args.password, version }, { parent: this }).value;
    this.#name = name;
    this.#args = args;
    this.#running = this.#server(name, args, opts);
    this.login = this.#login(name, args, this.#running, version);
    const { host, port, login, password } = this;
    const store = { scheme: "redis", host, port, database: "0" } as const;
    const { url, loopbackUrl } = connectionUrls({ ...store, login, password, loopbackPort: args.loopbackPort });
    this.url = url;
    this.loopbackUrl = loopbackUrl;
    this.registerOutputs({ host: this.host });
  }

  /** Creates a login that can read the server's statistics and no data, e.g. for metrics. It is dropped when the parent is removed. */
  monitor(purpose: string, parent: pulumi.Resource): Login {
    const name = `${this.#name}-${purpose}`;
    // The server keeps logins with this prefix over a restart.
    const login = `${this.#args.owner ?? "app"}_${purpose}`;
    const password = new Secret(`${name}-password`, {}, { parent }).value;
    const command = serverOf(this.#args).run(
      `${name}-login`,
      {
        script: script("make-redis-login.sh"),
        undo: script("drop-redis-login.sh"),
        // It has no triggers, as the removal of a replaced one would drop the new login. With the server's id, it runs again after the
        // server is replaced.
        args: [pulumi.getProject(), pulumi.getStack(), this.#name, login, this.#running.id],
        input: password.apply((value) => makeMonitor(login, value)),
      },
      { parent, dependsOn: [this.#running.healthy] },
    );
    return { login: command.urn.apply(() => login), password };
  }

  #server(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions): Running {
    const { image = DEFAULT_IMAGES.redis, account = "999:1000", owner = "app", loopbackPort } = args;
    const { memory } = limitsOf(args);
    const volume = new Volume(args.volume ?? `${name}-data`, { stack: stackOf(args) }, { parent: this });
    const operator = new Secret(`${name}-operator`, {}, { parent: this }).value;
    const { networks, aliases, env, limits, tmpfs, scratch, transform, stopGrace = 30, maxMemory, policy } = args;
    const spec: ContainerSpec = {
      networks,
      aliases,
      image,
      command: ["sh", "-c", scriptBeside(__dirname, "start-redis.sh"), "sh", owner],
      ...(env && { env }),
      files: {
        "/etc/redis/redis.conf": redisConf({ ...redisDirectives({ memory, maxMemory, policy }), ...args.settings }),
        "/etc/redis/users.acl": operator.apply(fixedUsers),
        "/etc/redis/operator-password": operator,
      },
      volumes: { "/data": volume },
      ...(tmpfs && { tmpfs }),
      ...(scratch && { scratch }),
      ...(loopbackPort !== undefined && { loopbackPorts: { [loopbackPort]: this.port } }),
      user: account,
      ...(limits && { limits }),
      stopGrace,
      ...(transform && { transform }),
    };
    // A restore stops the writers of data, but not this server (label `store`).
    const role = { health: HEALTH, single: true, labels: { store: "true" } };
    const dockerContainer = container(name, spec, role, { parent: this, dependsOn: opts?.dependsOn });
    const healthy = healthGate(name, { spec, container: dockerContainer, health: HEALTH, failing: "keep" }, this);
    return { id: dockerContainer.id, healthy };
  }

  /**
   * Creates the login. A rotated password creates a new login for the new containers, and the old login is dropped at the end of the
   * release. The login's name therefore differs for each version and password, and the drop script affects only its own login.
   */
  #login(name: string, args: RedisArgs, server: Running, version: number): pulumi.Output<string> {
    const keepers = { version: String(version), password: this.password };
    const suffix = new random.RandomId(`${name}-login`, { byteLength: 4, keepers }, { parent: this }).hex;
    const login = pulumi.interpolate`${args.owner ?? "app"}_${suffix}`;
    const command = serverOf(args).run(
      `${name}-login`,
      {
        script: script("make-redis-login.sh"),
        // The last two tell what to drop, and make it run again after the server was replaced, as its volume may be another one too.
        args: [pulumi.getProject(), pulumi.getStack(), name, login, server.id],
        input: pulumi.all([login, this.password]).apply(([user, password]) => makeLogin(user, password, args.commands)),
        undo: script("drop-redis-login.sh"),
        triggers: [login],
      },
      { parent: this, dependsOn: [server.healthy] },
    );
    return pulumi.all([login, command.urn]).apply(([user]) => user);
  }
}

function script(file: string): string {
  return scriptBeside(__dirname, "redis.sh") + scriptBeside(__dirname, file);
}

interface Running {
  id: pulumi.Output<string>;
  /** When it takes connections. */
  healthy: pulumi.Resource;
}

/** Through standard input, as a user who may do nothing else. While it still loads its data, Redis does not answer so. */
const HEALTH = {
  command: ["sh", "-c", "printf 'AUTH health -\\nPING\\n' | redis-cli | grep -qx PONG"],
  interval: 10,
  timeout: 5,
  retries: 5,
  // It has to load its data first.
  startPeriod: 30,
};
