import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { type ContainerSpec, container } from "../app/container";
import { healthGate } from "../app/gate";
import { Secret } from "../secret";
import { Volume } from "./volume";

export interface PostgresArgs
  extends Omit<ContainerSpec, "image" | "volumes" | "files" | "command" | "user" | "capabilities"> {
  /** Image of PostgreSQL. Default: `postgres:16-alpine`. */
  image?: string;
  /** Database that is made at the first start. */
  database: string;
  /** Its owner. */
  user: string;
  /** Numeric `uid:gid` of the server in its image. Default: `70:70`, that of the Alpine images; Debian's is `999:999`. */
  account?: string;
  /** The volume's name within the stack. Default: `<name>-data`. */
  volume?: string;
}

/** A PostgreSQL server with its volume and a generated password. It never runs twice, so a change of it interrupts. */
export class Postgres extends pulumi.ComponentResource {
  /** Name in the network. */
  readonly host: string;
  readonly port = 5432;
  readonly database: string;
  readonly user: string;
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:Postgres", name, {}, opts);
    const {
      image: version = "postgres:16-alpine",
      account = "70:70",
      volume: volumeName = `${name}-data`,
      database,
      user,
      ...spec
    } = args;
    const { server } = spec.network;
    this.host = name;
    this.database = database;
    this.user = user;
    this.password = new Secret(`${name}-password`, {}, { parent: this }).value;

    const volume = new Volume(volumeName, { server }, { parent: this });
    const image = new docker.RemoteImage(
      name,
      { name: version, keepLocally: true },
      { parent: this, provider: server.docker, deleteBeforeReplace: false },
    );
    const health = {
      command: ["pg_isready", "-h", "127.0.0.1", "-U", user, "-d", database],
      interval: 10,
      timeout: 5,
      retries: 5,
    };
    const made = container(
      name,
      {
        ...spec,
        image: image.name,
        env: {
          ...spec.env,
          POSTGRES_DB: database,
          POSTGRES_USER: user,
          // The image demands one here, and would put one from a file here too; ours replaces it before anybody can use it.
          POSTGRES_PASSWORD: "replaced-at-once",
          POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256",
        },
        files: {
          [PASSWORD_FILE]: this.password,
          [SET_PASSWORD]: readFileSync(join(__dirname, "postgres-password.sql"), "utf8"),
        },
        volumes: { "/var/lib/postgresql/data": volume },
        user: account,
        // SIGINT is its fast shutdown; a checkpoint may take a while.
        stopGrace: spec.stopGrace ?? 60,
      },
      { health, single: true, overrides: { stopSignal: "SIGINT", shmSize: 256 } },
      { parent: this, dependsOn: opts?.dependsOn },
    );
    const healthy = healthGate(name, { server, container: made, health, failing: "keep" }, this);
    server.run(
      `${name}-password-set`,
      {
        // A volume that outlived its stack knows another password.
        script: 'docker exec "$1" psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 -U "$2" -d "$3" -f "$4"',
        args: [made.id, user, database, SET_PASSWORD],
        triggers: [made.id],
      },
      { parent: this, dependsOn: [healthy] },
    );
    this.registerOutputs({ host: this.host, database: this.database });
  }
}

/** In the folder of what the image runs when it makes a database, before that listens on the network. */
const SET_PASSWORD = "/docker-entrypoint-initdb.d/password.sql";
const PASSWORD_FILE = "/run/secrets/postgres-password";
