import * as pulumi from "@pulumi/pulumi";
import type { InStack } from "../host/scope";
import { Volume } from "../host/volume";
import { imageOf, majorOf } from "../model/image";
import { quote } from "../model/shell";
import { scriptBeside } from "../scripts";
import { upgradeScript } from "./postgres-upgrade";

/** The volumes of a server, one for each major version, and the consent to an upgrade. */
export interface PostgresData {
  /** Names of the volumes within the stack. The last one is in use. */
  volumes: [string, ...string[]];
  /** Last step of the upgrade path, e.g. `15 -> 17`; empty without an upgrade. */
  consent: string;
}

/**
 * Parses an upgrade path, e.g. `13 -> 15 -> 17`. The first version uses the volume with the given name, each later one a volume with the
 * version as suffix.
 * @throws pulumi.ResourceError if the path is invalid, or does not end with the version in the image's tag.
 */
export function dataOf(
  path: string | undefined,
  volume: string,
  image: string,
  resource: pulumi.Resource,
): PostgresData {
  if (path === undefined) return { volumes: [volume], consent: "" };
  const versions = path.split("->").map((version) => version.trim());
  const rising = versions.every(
    (version, at) => /^\d+$/.test(version) && Number(version) > Number(versions[at - 1] ?? 0),
  );
  if (!rising || versions.length < 2) {
    throw new pulumi.ResourceError(
      `upgrade must name major versions of PostgreSQL, such as "15 -> 17", but is "${path}"`,
      resource,
    );
  }
  // PostgreSQL's own tags have no `v`, so `v3` is the version of an image of one's own.
  const major = imageOf(image).version.startsWith("v") ? undefined : majorOf(image);
  if (major !== undefined && String(major) !== versions.at(-1)) {
    throw new pulumi.ResourceError(
      `upgrade is "${path}", but the image is ${image}: its last version must be that of the image`,
      resource,
    );
  }
  return {
    volumes: [volume, ...versions.slice(1).map((version) => `${volume}_${version}`)],
    consent: versions.slice(-2).join(" -> "),
  };
}

/**
 * Where the volume of a server is mounted. Images before PostgreSQL 18 keep their data in it, later ones in <version>/docker below it. An
 * image whose tag does not name its version counts as one before 18, which the server verifies.
 */
export function mountOf(image: string): string {
  const major = majorVersionOf(image);
  return major !== undefined && major >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
}

/** Major version of PostgreSQL in an image's tag, e.g. of `postgres:17-alpine` and `pgvector:0.8-pg17`. Undefined if it names none. */
export function majorVersionOf(image: string): number | undefined {
  const [, named] = /(?:^|[^a-z])pg(\d+)(?!\d)/.exec(imageOf(image).version) ?? [];
  const major = named === undefined ? majorOf(image) : Number(named);
  // Other numbers are versions of an image of one's own.
  return major !== undefined && major >= 9 && major < 100 ? major : undefined;
}

export interface PostgresVolumeArgs extends PostgresData {
  stack: InStack;
  /** Label `service` of the server's container. */
  service: string;
  superuser: string;
  database: string;
  image: pulumi.Input<string>;
  /** Numeric `uid:gid` of the server process. */
  account: string;
  /** Memory of the server in MiB. */
  memory: number;
  /** The server's command, with which an upgrade tests the new version. */
  command: string[];
  /** Where its container mounts the volume. */
  mount: string;
  /** PGDATA of its container, if it is not the image's. */
  pgdata: string | undefined;
  /** Consent to rebuild the indexes in another sort order. */
  reindex: string | undefined;
}

/**
 * The volume for a server of this image, and the command that checks or upgrades its data. The server's container must wait for the
 * command, which fails if the data has another major version.
 */
export function postgresVolume(
  name: string,
  args: PostgresVolumeArgs,
  parent: pulumi.Resource,
): [Volume, pulumi.Resource] {
  const { stack, volumes, consent, service, superuser, database, image, account, memory, command } = args;
  const { mount, pgdata, reindex } = args;
  const made = volumes.map((volume) => new Volume(volume, { stack }, { parent }));
  const volume = made.at(-1) as Volume;
  const ready = stack.server.run(
    `${name}-data`,
    {
      script: [
        scriptBeside(__dirname, "postgres-data.sh"),
        ...(consent === "" ? [] : [upgradeScript()]),
        `mount=${quote(mount)} pgdata=${quote(pgdata ?? "")} reindex=${quote(reindex ?? "")} database=${quote(database)}\n`,
        'main "$@"\n',
      ].join(""),
      args: [
        ...[pulumi.getProject(), pulumi.getStack(), service, superuser, image, volume.name, account],
        // Without an upgrade, a change of these does not run the command again.
        ...(consent === "" ? ["", ""] : [String(memory), consent, ...command]),
      ],
      triggers: [image, volume.name],
    },
    { parent },
  );
  return [volume, ready];
}
