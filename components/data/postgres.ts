import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { container } from "../app/container";
import { type ContainerSpec, serverOf, stackOf } from "../app/container-spec";
import { healthGate } from "../app/gate";
import { limitsOf } from "../app/limits";
import { pulledImage } from "../build/pulled-image";
import { DEFAULT_IMAGES } from "../model/default-images";
import { scriptBeside } from "../scripts";
import { Secret } from "../secret";
import { connectionUrls } from "./connection-urls";
import { dataOf, mountOf, postgresVolume } from "./postgres-data";
import { makeExtensions, makeMonitor, makeReader, makeRoles } from "./postgres-roles";
import { postgresCommand, postgresParameters } from "./postgres-settings";

export interface PostgresArgs
  extends Omit<ContainerSpec, "image" | "volumes" | "files" | "command" | "user" | "capabilities" | "loopbackPorts"> {
  /** Image of PostgreSQL. Another major version than the data's requires `upgrade`. Default: `postgres:16-alpine`. */
  image?: string;
  /**
   * Consent to an upgrade: all major versions from the first one to the image's, e.g. `15 -> 17`. Keep it after the upgrade, and append
   * the version of a later one. Each version except the first has a separate volume, e.g. `<volume>_17`. Berth keeps the volumes of
   * earlier versions. Default: none.
   */
  upgrade?: string | undefined;
  /**
   * Consent to rebuild all indexes after the image is replaced by one that sorts text by another C library, e.g. `musl -> glibc 2.41`
   * (from Alpine to Debian). The deployment names it when it refuses. Default: none.
   */
  reindex?: string | undefined;
  /** Database that the server creates at its first start. */
  database: string;
  /** The server's superuser. It has no password and signs in only inside the container. */
  user: string;
  /** Role that owns the database and its objects. Login roles act as this role. Default: `<database>_app`. */
  owner?: string;
  /** Password of the application. Default: a generated one. */
  password?: pulumi.Input<string> | undefined;
  /** Raise it to rotate the application's login role and password without downtime. Default: 1. */
  passwordVersion?: number;
  /** Numeric `uid:gid` of the server in its image. Default: `70:70`, as in the Alpine images; in Debian's it is `999:999`. */
  account?: string;
  /** The volume's name within the stack. Default: `<name>-data`. */
  volume?: string;
  /** Port on the server's loopback address, for tools. Default: none. */
  loopbackPort?: number | undefined;
  /** Extensions to create in the database, e.g. `pgcrypto`. Berth does not drop an extension that you remove. Default: none. */
  extensions?: string[];
  /** Settings of postgresql.conf, which override those derived from the limits. Default: none. */
  settings?: Record<string, string>;
}

/** A PostgreSQL server with its volume, tuned from its limits. Single instance: a change causes downtime. */
export class Postgres extends pulumi.ComponentResource {
  /** Host name of the server in its networks. */
  readonly host: string;
  readonly port = 5432;
  readonly database: string;
  /** The role that the application signs in as. Known after the role is created. */
  readonly login: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** Image reference of the server. */
  readonly image: string;
  /** URL for applications, without the password. */
  readonly url: pulumi.Output<string>;
  /** URL for tools on the server, with the password: a secret. Empty without `loopbackPort`. */
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
    this.image = args.image ?? DEFAULT_IMAGES.postgres;
    this.#name = name;
    this.#args = args;
    this.#running = this.#server(name, args, opts);
    this.login = this.#login(name, args, this.#running, this.#extensions(name, args, this.#running), version);
    const { host, port, login, password } = this;
    const store = { scheme: "postgresql", host, port, database: args.database } as const;
    const { url, loopbackUrl } = connectionUrls({ ...store, login, password, loopbackPort: args.loopbackPort });
    this.url = url;
    this.loopbackUrl = loopbackUrl;
    this.registerOutputs({ host: this.host, database: this.database });
  }

  /** Creates a role that can read all data in the database and change nothing, e.g. for backups. */
  reader(purpose: string, parent: pulumi.Resource): Reader {
    const { user, database } = this.#args;
    const { name, login, password } = this.#furtherLogin(purpose, parent);
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

  /** Creates a role that can read the server's statistics and no data, e.g. for metrics. It is dropped when the parent is removed. */
  monitor(purpose: string, parent: pulumi.Resource): Login {
    const { user, database } = this.#args;
    const { name, login, password } = this.#furtherLogin(purpose, parent);
    const command = serverOf(this.#args).run(
      `${name}-login`,
      {
        script: scriptBeside(__dirname, "in-postgres.sh"),
        undo: scriptBeside(__dirname, "drop-postgres-login.sh"),
        // It has no triggers, as the removal of a replaced one would drop the new role. With the server's id, it runs again after the
        // server is replaced.
        args: [pulumi.getProject(), pulumi.getStack(), this.#name, user, database, user, login, this.#running.id],
        input: password.apply((value) => makeMonitor({ login, database }, value)),
      },
      { parent, dependsOn: [this.#running.healthy] },
    );
    return { login: command.urn.apply(() => login), password };
  }

  /** Name and generated password of a role for a purpose, and the name of its resources. */
  #furtherLogin(purpose: string, parent: pulumi.Resource) {
    const name = `${this.#name}-${purpose}`;
    const password = new Secret(`${name}-password`, {}, { parent }).value;
    return { name, login: `${this.#args.database}_${purpose}`, password };
  }

  /**
   * Lets a reader receive the write-ahead log, without a restart of the server, which keeps at most `walLimit` MiB of it for an archive that
   * is behind. Undone before the reader is removed, as a server keeps WAL for a slot that nobody reads.
   */
  archiveWal(reader: Reader, purpose: string, walLimit: number, parent: pulumi.Resource): pulumi.Resource {
    return this.#allow(
      reader,
      `${purpose}-archive`,
      ["archive-wal.sh", "no-archive-wal.sh"],
      [String(walLimit)],
      parent,
    );
  }

  /** Makes a table that a reader may write to, `berth.probe`. It is dropped with the resource. */
  probeTable(reader: Reader, purpose: string, parent: pulumi.Resource): pulumi.Resource {
    return this.#allow(reader, `${purpose}-probe`, ["probe-table.sh", "drop-probe-table.sh"], [], parent);
  }

  /** Runs a script for a reader, and another one when the resource is removed. */
  #allow(
    { login }: Reader,
    purpose: string,
    [script, undo]: [string, string],
    options: string[],
    parent: pulumi.Resource,
  ): pulumi.Resource {
    const { user, database } = this.#args;
    return serverOf(this.#args).run(
      `${this.#name}-${purpose}`,
      {
        script: scriptBeside(__dirname, script),
        undo: scriptBeside(__dirname, undo),
        // With the server's id, it runs again after the server is replaced, as the server may have another volume.
        args: [pulumi.getProject(), pulumi.getStack(), this.#name, user, database, login, ...options, this.#running.id],
      },
      { parent, dependsOn: [this.#running.healthy] },
    );
  }

  #server(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions): Running {
    const { account = "70:70", database, user, loopbackPort } = args;
    const stack = stackOf(args);
    const { memory, cpus } = limitsOf(args);
    const image = pulledImage(name, this.image, { parent: this, provider: stack.server.docker });
    const command = ["postgres", ...postgresCommand({ ...postgresParameters({ memory, cpus }), ...args.settings })];
    const mount = mountOf(this.image);
    const pgdata = args.env?.PGDATA;
    const data = dataOf(args.upgrade, args.volume ?? `${name}-data`, this.image, this);
    const [volume, ready] = postgresVolume(
      name,
      {
        ...data,
        ...{ stack, service: name, superuser: user, database, image, account, memory, command },
        mount,
        pgdata: typeof pgdata === "string" ? pgdata : undefined,
        reindex: args.reindex,
      },
      this,
    );
    const health = {
      command: ["pg_isready", "-h", "127.0.0.1", "-U", user, "-d", database],
      interval: 10,
      timeout: 5,
      retries: 5,
      // After a crash, the recovery may take long.
      startPeriod: 120,
    };
    const { networks, aliases, env, limits, tmpfs, scratch, transform } = args;
    const spec: ContainerSpec = {
      networks,
      aliases,
      image,
      command,
      env: {
        ...env,
        POSTGRES_DB: database,
        POSTGRES_USER: user,
        // The image requires a password, and would copy one from a file into the environment too. The file below removes it at once.
        POSTGRES_PASSWORD: "taken-away-at-once",
        POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256",
      },
      files: { "/docker-entrypoint-initdb.d/no-password.sql": "ALTER ROLE CURRENT_USER PASSWORD NULL;\n" },
      volumes: { [mount]: volume },
      tmpfs: ["/tmp", "/var/run/postgresql", ...(tmpfs ?? [])],
      ...(scratch && { scratch }),
      ...(loopbackPort !== undefined && { loopbackPorts: { [loopbackPort]: this.port } }),
      user: account,
      ...(limits && { limits }),
      // SIGINT is PostgreSQL's fast shutdown, in which a checkpoint may take long.
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
    return {
      id: dockerContainer.id,
      healthy: args.reindex === undefined ? healthy : this.#reindex(name, args, healthy),
    };
  }

  /** Rebuilds all indexes, once for each consent. Roles and applications wait for it. */
  #reindex(name: string, args: PostgresArgs, healthy: pulumi.Resource): pulumi.Resource {
    return serverOf(args).run(
      `${name}-reindexed`,
      {
        script: scriptBeside(__dirname, "reindex-postgres.sh"),
        args: [pulumi.getProject(), pulumi.getStack(), name, args.user],
        triggers: [args.reindex ?? ""],
      },
      { parent: this, dependsOn: [healthy] },
    );
  }

  /** Creates the extensions as the superuser, as some require it. */
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
   * Creates the login role. A rotated password creates a new role for the new containers, and the old role is dropped at the end of the
   * release. The role's name therefore differs for each version and password, and the drop script affects only its own role.
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
        // With the server's id, it runs again after the server is replaced, as the server may have another volume.
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

/** A name to sign in with, and its password. */
export interface Login {
  /** Known after it is created. */
  login: pulumi.Output<string>;
  password: pulumi.Output<string>;
}

/** A role that can read a database. */
export interface Reader extends Login {
  /** Host name of the server in its networks. */
  host: string;
  database: string;
}

interface Running {
  id: pulumi.Output<string>;
  /** Ready when the server accepts connections. */
  healthy: pulumi.Resource;
}
