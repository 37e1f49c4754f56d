import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { container } from "../app/container";
import { type ContainerSpec, serverOf, stackOf } from "../app/container-spec";
import { healthGate } from "../app/gate";
import { Image } from "../build/image";
import { Volume } from "../host/volume";
import { stackName } from "../naming";
import { refuse } from "../problems";
import { scriptBeside } from "../scripts";
import { Secret } from "../secret";
import { archiveProblems, databaseProblems } from "./backup-databases";
import type { Postgres, Reader } from "./postgres";

/** S3-compatible off-site storage, e.g. Backblaze B2. */
export interface S3 {
  /** Endpoint, e.g. `https://s3.eu-central-003.backblazeb2.com`. */
  endpoint: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: pulumi.Input<string>;
  /** Region, e.g. `eu-central-1`, for storage that signs requests with another one than `us-east-1`. Default: the storage's answer. */
  region?: string | undefined;
  /** Certificate authorities (PEM) of the endpoint, instead of the public ones. Default: the public ones. */
  authority?: string | undefined;
}

/** Point-in-time recovery: a base backup a day, and the write-ahead log (WAL) as it is written. */
export interface PointInTime {
  /** Days back to which the databases can be restored to any second. */
  days: number;
  /**
   * WAL in MiB that a server keeps at most while the archive does not receive it. With more, the archive is interrupted and begins again
   * with a base backup; the database continues. Default: 2048.
   */
  walLimit?: number;
  /** Writes a row a minute into the table `berth.probe` of each database, with which the drill compares a restored time. Default: false. */
  probe?: boolean;
}

export interface BackupsArgs {
  /** Networks of the databases, and a network with internet access for off-site storage. */
  networks: ContainerSpec["networks"];
  /** Databases to dump, at least one. All need the same PostgreSQL version, as the first one's pg_dump dumps them. */
  databases: readonly [Postgres, ...Postgres[]];
  /** Volumes with files, by their name in the backups, mounted read-only. Default: none. */
  files?: Record<string, Volume>;
  /** Time of the daily backup, `HH:MM`. Default: `02:00`. */
  time?: string;
  /** Time zone of `time`, e.g. `Europe/Berlin`. Default: `UTC`. */
  timeZone?: string;
  /** Number of daily backups to keep. Default: 7. */
  keepDaily?: number;
  /** Number of monthly backups to keep. Default: 12. */
  keepMonthly?: number;
  /** Passphrase that encrypts the backups. Without it, they cannot be restored. Default: a generated one, kept in the state. */
  passphrase?: pulumi.Input<string> | undefined;
  /** Off-site storage for copies. Default: none; the backups are then lost with the server. */
  offsite?: S3 | undefined;
  /** Point-in-time recovery. Default: none; a restore then loses what came after the last backup. */
  pointInTime?: PointInTime | undefined;
  /** URL to request (GET) after each good backup, with the suffix `/fail` after a failed backup, copy or drill. Default: none. */
  pingUrl?: string | undefined;
  /** The volume's name within the stack. Default: `<name>`. */
  volume?: string;
  /** Resource limits. Default: 512 MiB, one processor, 100 processes. */
  limits?: ContainerSpec["limits"];
  /** Transforms the container's arguments before creation. Default: none. */
  transform?: NonNullable<ContainerSpec["transform"]>;
}

/**
 * Daily backups of databases and files in an encrypted, deduplicated repository (restic): in a volume of the server, and in an off-site
 * copy. A missed backup is taken as soon as possible. A weekly drill restores the newest backup into a temporary database and compares.
 * `berth backups` lists them, `berth restore` restores one. Failed, old or untested backups make the container unhealthy.
 */
export class Backups extends pulumi.ComponentResource {
  readonly #image: Image;
  readonly #name: string;
  readonly #args: BackupsArgs;
  readonly #container: pulumi.Output<string>;
  readonly #ready: pulumi.Resource;

  constructor(name: string, args: BackupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:Backups", name, {}, opts);
    const problems = args.pointInTime ? archiveProblems(args.databases) : [];
    refuse(`the backups ${name}`, [...databaseProblems(args.databases), ...problems], this);
    this.#name = name;
    this.#args = args;
    this.#image = new Image(
      name,
      {
        stack: stackOf(args),
        context: relative(process.cwd(), CONTEXT),
        buildArgs: { POSTGRES: args.databases[0].image },
      },
      { parent: this },
    );
    const readers = args.databases.map((database) => database.reader(name, this));
    const archived = this.#archiveWal(name, args, readers);
    const passphrase = new Secret(`${name}-passphrase`, { value: args.passphrase }, { parent: this }).value;
    const passphraseAdded = this.#addPassphrase(passphrase);
    const spec = this.#specification(name, args, readers, passphrase);
    // New before old: the old container finishes its current backup, and a lock in the volume keeps the new one waiting.
    const role = {
      health: HEALTH,
      background: true,
      labels: { backups: "true", ...(args.pointInTime && { pointInTime: "true" }) },
      overrides: { init: true, hostname: name },
    };
    const dockerContainer = container(name, spec, role, {
      parent: this,
      dependsOn: [passphraseAdded, ...archived],
    });
    // An earlier failed backup must not block a release.
    this.#ready = healthGate(name, { spec, container: dockerContainer, health: READY, failing: "keep" }, this);
    this.#awaitCurrentTask(dockerContainer.id);
    this.#container = dockerContainer.id;
    this.registerOutputs({});
  }

  /**
   * Takes a backup named after the release if `migrations`, a fingerprint of the files that change data, differs from that of the last
   * successful release. If the backup fails, the release fails. A `Job` with the argument `backup` calls this.
   */
  before(release: string, migrations: string): pulumi.Resource {
    return serverOf(this.#args).run(
      `${this.#name}-before-release`,
      {
        script: scriptBeside(__dirname, "before-release.sh"),
        args: this.#container.apply((id) => [id, release, migrations]),
        // A changed input replaces the resource, so that it can be restored when a release fails.
        triggers: [release, migrations],
      },
      { parent: this, dependsOn: [this.#ready] },
    );
  }

  /** Lets the readers receive WAL, and write to the probe's table. */
  #archiveWal(name: string, { databases, pointInTime }: BackupsArgs, readers: Reader[]): pulumi.Resource[] {
    if (!pointInTime) return [];
    const { walLimit = 2048, probe = false } = pointInTime;
    return databases.flatMap((database, index) => {
      const reader = readers[index];
      if (!reader) return [];
      const archive = database.archiveWal(reader, name, walLimit, this);
      return probe ? [archive, database.probeTable(reader, name, this)] : [archive];
    });
  }

  /** Adds a new passphrase in the previous container. The previous passphrase is removed after that container has stopped. */
  #addPassphrase(passphrase: pulumi.Input<string>): pulumi.Resource {
    return serverOf(this.#args).run(
      `${this.#name}-passphrase-known`,
      {
        script: scriptBeside(__dirname, "know-key.sh"),
        undo: scriptBeside(__dirname, "drop-keys.sh"),
        args: [pulumi.getProject(), pulumi.getStack()],
        input: passphrase,
      },
      // A trigger with an unknown secret would fail the first preview.
      { parent: this, replaceOnChanges: ["stdin"] },
    );
  }

  /** Waits for the container's task before its deletion, as Pulumi deletes dependents first. The provider waits for 20 minutes only. */
  #awaitCurrentTask(container: pulumi.Output<string>): void {
    serverOf(this.#args).run(
      `${this.#name}-finished`,
      {
        script: "",
        undo: scriptBeside(__dirname, "let-finish.sh"),
        args: [container],
        triggers: [container],
      },
      { parent: this, dependsOn: [this.#ready] },
    );
  }

  #specification(name: string, args: BackupsArgs, readers: Reader[], passphrase: pulumi.Input<string>): ContainerSpec {
    const { networks, files = {}, offsite, pointInTime, transform } = args;
    const { time = "02:00", timeZone = "UTC", keepDaily = 7, keepMonthly = 12 } = args;
    const repository = new Volume(args.volume ?? name, { stack: stackOf(args) }, { parent: this });
    return {
      networks,
      image: this.#image,
      command: ["keep"],
      env: {
        STACK: stackName(),
        TZ: timeZone,
        BACKUP_TIME: time.replace(":", ""),
        KEEP_DAILY: String(keepDaily),
        KEEP_MONTHLY: String(keepMonthly),
        DATABASES: pulumi
          .all(readers.map(({ host, database, login }) => pulumi.interpolate`${host}:${database}:${login}`))
          .apply((words) => words.join(" ")),
        ...(pointInTime && { POINT_IN_TIME_DAYS: String(pointInTime.days) }),
        ...(pointInTime?.probe && { PROBE: "true" }),
        PING_URL: args.pingUrl ?? "",
        ...(offsite?.region && { AWS_DEFAULT_REGION: offsite.region }),
        OFFSITE: offsite ? `s3:${offsite.endpoint}/${offsite.bucket}/${stackName()}` : "",
      },
      files: {
        "/run/secrets/passphrase": passphrase,
        "/run/secrets/pgpass": pulumi
          .all(readers.map(({ host, login, password }) => pulumi.interpolate`${host}:5432:*:${login}:${password}\n`))
          .apply((lines) => lines.join("")),
        "/run/secrets/s3-credentials": offsite
          ? pulumi.interpolate`[default]\naws_access_key_id = ${offsite.accessKeyId}\naws_secret_access_key = ${offsite.secretAccessKey}\n`
          : "",
        ...(offsite?.authority && { "/run/secrets/s3-authority": offsite.authority }),
      },
      volumes: {
        "/srv/backups": repository,
        ...Object.fromEntries(
          Object.entries(files).map(([key, volume]) => [`/backup/files/${key}`, { volume, readOnly: true }]),
        ),
      },
      scratch: ["/backup/databases", "/work"],
      tmpfs: ["/tmp"],
      // Files belong to various users, and PostgreSQL does not run as root in a drill.
      user: "0:0",
      capabilities: ["DAC_OVERRIDE", "SETGID", "SETUID"],
      limits: { memory: 512, ...args.limits },
      // A running backup finishes before the container stops.
      stopGrace: 86_400,
      ...(transform && { transform }),
    };
  }
}

const CONTEXT = join(__dirname, "backups");
const SCRIPT = ["sh", "/opt/berth/backups.sh"];
const READY = { command: [...SCRIPT, "ready"] };
const HEALTH = { command: [...SCRIPT, "healthy"], interval: 60, timeout: 10, retries: 1 };
