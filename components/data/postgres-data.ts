import * as pulumi from "@pulumi/pulumi";
import type { InStack } from "../host/scope";
import { Volume } from "../host/volume";
import { scriptBeside } from "../scripts";
import { upgradeScript } from "./postgres-upgrade";

/** The volumes of a server by the major versions of its data, and what its owner consents to. */
export interface PostgresData {
  /** Names of the volumes within the stack; the last is the one in use. */
  volumes: [string, ...string[]];
  /** The last step of the way, e.g. `15 -> 17`; empty where there was none. */
  consent: string;
}

/**
 * Reads the way its data has come, e.g. `13 -> 15 -> 17`. The first version stands on the volume of the given name, each
 * later one on a volume that carries it.
 * @throws pulumi.ResourceError when it is no such way, or does not end at the version of the image, where its tag says one.
 */
export function dataOf(
  way: string | undefined,
  volume: string,
  image: string,
  resource: pulumi.Resource,
): PostgresData {
  if (way === undefined) return { volumes: [volume], consent: "" };
  const versions = way.split("->").map((version) => version.trim());
  const rising = versions.every(
    (version, at) => /^\d+$/.test(version) && Number(version) > Number(versions[at - 1] ?? 0),
  );
  if (!rising || versions.length < 2) {
    throw new pulumi.ResourceError(
      `upgrade must name major versions of PostgreSQL, such as "15 -> 17", but is "${way}"`,
      resource,
    );
  }
  const [, major] = /:(\d+)[\w.-]*(?:@|$)/.exec(image) ?? [];
  if (major !== undefined && major !== versions.at(-1)) {
    throw new pulumi.ResourceError(
      `upgrade is "${way}", but the image is ${image}: its last version must be that of the image`,
      resource,
    );
  }
  return {
    volumes: [volume, ...versions.slice(1).map((version) => `${volume}_${version}`)],
    consent: versions.slice(-2).join(" -> "),
  };
}

export interface PostgresVolumeArgs extends PostgresData {
  stack: InStack;
  /** Label of the server's container. */
  service: string;
  superuser: string;
  image: pulumi.Input<string>;
  /** Numeric `uid:gid` of the server. */
  account: string;
  /** Memory of the server in MiB. */
  memory: number;
  /** The server's command, which an upgrade tries the new version with. */
  command: string[];
}

/**
 * The volume a server of this image may stand on. What is given back second is to be waited for before the server's
 * container is touched: it refuses another major version than that of the data, and carries out an upgrade.
 */
export function postgresVolume(
  name: string,
  args: PostgresVolumeArgs,
  parent: pulumi.Resource,
): [Volume, pulumi.Resource] {
  const { stack, volumes, consent, service, superuser, image, account, memory, command } = args;
  const made = volumes.map((volume) => new Volume(volume, { stack }, { parent }));
  const volume = made.at(-1) as Volume;
  const ready = stack.server.run(
    `${name}-data`,
    {
      script: [
        scriptBeside(__dirname, "postgres-data.sh"),
        ...(consent === "" ? [] : [upgradeScript()]),
        'main "$@"\n',
      ].join(""),
      args: [
        ...[pulumi.getProject(), pulumi.getStack(), service, superuser, image, volume.name, account],
        // Whoever does not upgrade need not ask again when these change.
        ...(consent === "" ? ["", ""] : [String(memory), consent, ...command]),
      ],
      triggers: [image, volume.name],
    },
    { parent },
  );
  return [volume, ready];
}
