import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { container } from "../app/container";
import { type ContainerSpec, serverOf, stackOf } from "../app/container-spec";
import { healthGate } from "../app/gate";
import { limitsOf } from "../app/limits";
import { scriptBeside } from "../scripts";
import { Secret } from "../secret";
import { dataOf, postgresVolume } from "./postgres-data";
import { makeExtensions, makeReader, makeRoles } from "./postgres-roles";
import { postgresCommand, postgresSettings } from "./postgres-settings";

export interface PostgresArgs
  extends Omit<ContainerSpec, "image" | "volumes" | "files" | "command" | "user" | "capabilities" | "loopbackPorts"> {
  /** Image of PostgreSQL. Default: `postgres:16-alpine`. Another major version than that of the data is refused, but for `upgrade`. */
  image?: string;
  /**
   * Consent to an upgrade: the major versions from the first one to that of the image, e.g. `15 -> 17`. It stays, and a later
   * upgrade adds to it. Each version but the first has a volume of its own, `<volume>_17`, and those before are kept. Default: none.
   */
  upgrade?: string | undefined;
  /** Database that is made at the first start. */
  database: string;
  /** The server's superuser. It has no password and signs in only inside the container. */
  user: string;
  /** Role that owns the database and all that is in it; login roles act as it. Default: `<database>_app`. */
  owner?: string;
  /** Password of the application. Default: a generated one. */
  password?: pulumi.Input<string> | undefined;
  /** Raise it to rotate the application's login role and password without downtime. Default: 1. */
  passwordVersion?: number;
  /** Numeric `uid:gid` of the server in its image. Default: `70:70`, that of the Alpine images; Debian's is `999:999`. */
  account?: string;
  /** The volume's name within the stack. Default: `<name>-data`. */
  volume?: string;
  /** Port of the server's own loopback address it is reached on too, for tools. Default: none. */
  loopbackPort?: number | undefined;
  /** Extensions the database has, e.g. `pgcrypto`. One that is taken from the list stays. Default: none. */
  extensions?: string[];
  /** Settings of postgresql.conf that replace those made from the limits. Default: none. */
  settings?: Record<string, string>;
}

/** A PostgreSQL server with its volume, tuned from its limits. Single instance: a change causes downtime. */
export class Postgres extends pulumi.ComponentResource {
  /** Name in the network. */
  readonly host: string;
  readonly port = 5432;
  readonly database: string;
  /** The role the application signs in as, known once it can. */
  readonly login: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** Image reference of the server. */
  readonly image: string;
  /** Where tools on the server find it, password included: a secret, empty without `loopbackPort`. */
  readonly loopbackUrl: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: PostgresArgs;
  readonly #running: Running;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:Postgres", name, {}, opts);
    this.host = name;
    this.database = args.database;
    const version = args.passwordVersion ?? 1;
    this.password = new Secret(`${name}-password`, { value: args.password, version }, { parent: this }).value;
    this.image = args.image ?? "postgres:16-alpine";
    this.#name = name;
    this.#args = args;
    this.#running = this.#server(name, args, opts);
    this.login = this.#login(name, args, this.#running, this.#extensions(name, args, this.#running), version);
    this.loopbackUrl =
      args.loopbackPort === undefined
        ? pulumi.output("")
        : pulumi.interpolate`postgresql://${this.login}:${this.password}@127.0.0.1:${args.loopbackPort}/${args.database}`;
    this.registerOutputs({ host: this.host, database: this.database });
  }

  /** A separate role that may read everything in the database and change nothing, e.g. for backups. */
  reader(purpose: string, parent: pulumi.Resource): Reader {
    const { user, database } = this.#args;
    const name = `${this.#name}-${purpose}`;
    const login = `${database}_${purpose}`;
    const password = new Secret(`${name}-password`, {}, { parent }).value;
    const command = serverOf(this.#args).run(
      `${name}-login`,
      {
        script: scriptBeside(__dirname, "in-postgres.sh"),
        args: [pulumi.getProject(), pulumi.getStack(), this.#name, user, database, this.#running.id],
        input: password.apply((value) => makeReader({ login, database }, value)),
        triggers: [login],
      },
      { parent, dependsOn: [this.#running.healthy] },
    );
    return { host: this.host, database, login: command.urn.apply(() => login), password };
  }

  #server(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions): Running {
    const { account = "70:70", database, user, loopbackPort } = args;
    const stack = stackOf(args);
    const { memory, cpus } = limitsOf(args);
    const image = new docker.RemoteImage(
      name,
      { name: this.image, keepLocally: true },
      { parent: this, provider: stack.server.docker, deleteBeforeReplace: false },
    );
    const command = ["postgres", ...postgresCommand({ ...postgresSettings({ memory, cpus }), ...args.settings })];
    const data = dataOf(args.upgrade, args.volume ?? `${name}-data`, this.image, this);
    const [volume, ready] = postgresVolume(
      name,
      { ...data, stack, service: name, superuser: user, image: image.name, account, memory, command },
      this,
    );
    const health = {
      command: ["pg_isready", "-h", "127.0.0.1", "-U", user, "-d", database],
      interval: 10,
      timeout: 5,
      retries: 5,
      // After a crash it may first have much to write again.
      startPeriod: 120,
    };
    const { networks, env, limits, tmpfs, scratch, transform } = args;
    const spec: ContainerSpec = {
      networks,
      image: image.name,
      command,
      env: {
        ...env,
        POSTGRES_DB: database,
        POSTGRES_USER: user,
        // The image demands one, and would put one from a file here too; it is taken away before anybody can use it.
        POSTGRES_PASSWORD: "taken-away-at-once",
        POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256",
      },
      files: { "/docker-entrypoint-initdb.d/no-password.sql": "ALTER ROLE CURRENT_USER PASSWORD NULL;\n" },
      volumes: { "/var/lib/postgresql/data": volume },
      tmpfs: ["/tmp", "/var/run/postgresql", ...(tmpfs ?? [])],
      ...(scratch && { scratch }),
      ...(loopbackPort !== undefined && { loopbackPorts: { [loopbackPort]: this.port } }),
      user: account,
      ...(limits && { limits }),
      // SIGINT is its fast shutdown; a checkpoint may take a while.
      stopGrace: args.stopGrace ?? 60,
      ...(transform && { transform }),
    };
    const dockerContainer = container(
      name,
      spec,
      {
        health,
        single: true,
        ...(data.consent && { labels: { upgrade: data.consent } }),
        overrides: { stopSignal: "SIGINT", shmSize: 256 },
      },
      { parent: this, dependsOn: pulumi.output(opts?.dependsOn ?? []).apply((on) => [ready, ...[on].flat()]) },
    );
    const healthy = healthGate(name, { spec, container: dockerContainer, health, failing: "keep" }, this);
    return { id: dockerContainer.id, healthy };
  }

  /** Made by the superuser, as not all of them may be made by others. */
  #extensions(name: string, args: PostgresArgs, server: Running): pulumi.Resource[] {
    if (!args.extensions?.length) return [];
    const input = makeExtensions(args.extensions);
    const command = serverOf(args).run(
      `${name}-extensions`,
      {
        script: scriptBeside(__dirname, "in-postgres.sh"),
        args: [pulumi.getProject(), pulumi.getStack(), name, args.user, args.database, server.id],
        input,
        triggers: [input],
      },
      { parent: this, dependsOn: [server.healthy] },
    );
    return [command];
  }

  /**
   * A rotated password is a new login role: made now, used by what is replaced, and the old one dropped at the very
   * end. Hence its name differs with version and password, and what drops it can only drop its own.
   */
  #login(
    name: string,
    args: PostgresArgs,
    server: Running,
    extensions: pulumi.Resource[],
    version: number,
  ): pulumi.Output<string> {
    const owner = args.owner ?? `${args.database}_app`;
    const keepers = { version: String(version), password: this.password };
    const suffix = new random.RandomId(`${name}-login`, { byteLength: 4, keepers }, { parent: this }).hex;
    const login = pulumi.interpolate`${owner}_${suffix}`;
    const made = serverOf(args).run(
      `${name}-login`,
      {
        script: scriptBeside(__dirname, "in-postgres.sh"),
        // The last makes it run again after the server was replaced, as its volume may be another one too.
        args: [pulumi.getProject(), pulumi.getStack(), name, args.user, args.database, owner, login, server.id],
        input: pulumi
          .all([login, this.password])
          .apply(([role, password]) =>
            makeRoles({ superuser: args.user, owner, login: role, database: args.database }, password),
          ),
        undo: scriptBeside(__dirname, "drop-postgres-login.sh"),
        triggers: [login],
      },
      { parent: this, dependsOn: [server.healthy, ...extensions] },
    );
    return pulumi.all([login, made.urn]).apply(([role]) => role);
  }
}

/** Who may read a database. */
export interface Reader {
  /** Name of the server in the network. */
  host: string;
  database: string;
  /** Known once it can sign in. */
  login: pulumi.Output<string>;
  password: pulumi.Output<string>;
}

interface Running {
  id: pulumi.Output<string>;
  /** When it takes connections. */
  healthy: pulumi.Resource;
}
