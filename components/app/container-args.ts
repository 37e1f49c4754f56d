import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ENGINE_LOGS, journalDriver } from "../model/log-driver";
import { type ContainerRole, type ContainerSpec, serverOf } from "./container-spec";
import { fingerprintOf, foldersOf } from "./files";
import { dockerHealthcheck, NO_HEALTHCHECK } from "./health";
import { limitsOf } from "./limits";

/** Derives arguments from the specification. */
export function argsFromSpec(spec: ContainerSpec): Omit<docker.ContainerArgs, "image"> {
  const { memory, reservation, cpus } = limitsOf(spec);
  return {
    ...(spec.command && { command: spec.command }),
    envs: pulumi.output(spec.env ?? {}).apply((env) =>
      Object.entries(env)
        .map(([key, value]) => `${key}=${value}`)
        .sort(),
    ),
    mounts: [
      ...Object.entries(spec.volumes ?? {}).map(([target, mount]) => ({
        type: "volume",
        target,
        source: "volume" in mount ? mount.volume.name : mount.name,
        readOnly: "volume" in mount && mount.readOnly,
      })),
      ...Object.entries(spec.folders ?? {}).map(([target, source]) => ({
        type: "bind",
        target,
        source,
        readOnly: true,
      })),
    ],
    readOnly: true,
    // Docker cannot copy files into a read-only root, but into anonymous volumes, which it deletes with the container.
    volumes: [...new Set([...foldersOf(spec.files ?? {}), ...(spec.scratch ?? [])])]
      .sort()
      .map((containerPath) => ({ containerPath })),
    ...(spec.tmpfs && { tmpfs: Object.fromEntries(spec.tmpfs.map((path) => [path, tmpfsOptions(spec)])) }),
    ...(spec.loopbackPorts && {
      ports: Object.entries(spec.loopbackPorts).map(([external, internal]) => ({
        internal,
        external: Number(external),
        ip: "127.0.0.1",
      })),
    }),
    ...(spec.user !== undefined && { user: spec.user }),
    memory,
    memorySwap: memory,
    ...(reservation > 0 && { memoryReservation: reservation }),
    // In the format in which the provider reads it back.
    cpus: Number.isInteger(cpus) ? cpus.toFixed(1) : String(cpus),
    capabilities: { drops: ["ALL"], adds: (spec.capabilities ?? []).map((name) => `CAP_${name}`).sort() },
    securityOpts: ["no-new-privileges"],
    ...ENGINE_LOGS,
    destroyGraceSeconds: spec.stopGrace ?? 30,
  };
}

/** Derives arguments from the specification and the role. */
export function argsFromRole(name: string, spec: ContainerSpec, role: ContainerRole): Partial<docker.ContainerArgs> {
  const job = role.kind === "job";
  const { journal } = serverOf(spec);
  return {
    // Aliases need this mode; the provider disconnects the default network again.
    networkMode: "bridge",
    networksAdvanced: networksOf([role.alias ?? name, ...(spec.aliases ?? [])], spec.networks),
    restart: job ? "no" : "unless-stopped",
    start: false,
    mustRun: false,
    // Disables the image's health check, which may not apply here.
    healthcheck: role.health ? dockerHealthcheck(role.health) : NO_HEALTHCHECK,
    ...(journal && journalDriver(journal.name, serviceOf(name, role))),
  };
}

/** The service of a container: the same for all replicas. */
function serviceOf(name: string, { labels }: ContainerRole): string {
  const { service } = labels ?? {};
  return typeof service === "string" ? service : name;
}

/** The networks of a container with the names by which others reach it. */
export function networksOf(aliases: readonly string[], networks: ContainerSpec["networks"]) {
  return networks.map((network) => ({ name: network.name, aliases: [...aliases] }));
}

function tmpfsOptions({ user }: ContainerSpec): string {
  const [uid, gid] = user?.split(":") ?? [];
  return ["size=16m", "mode=0700", ...(uid ? [`uid=${uid}`] : []), ...(gid ? [`gid=${gid}`] : [])].join(",");
}

/**
 * Fingerprint of all arguments but the further `aliases`, 16 hexadecimal digits, for a label. A change that the provider would ignore
 * (health check, tmpfs) then replaces the container.
 */
export function fingerprint(args: docker.ContainerArgs, aliases: ContainerSpec["aliases"] = []): pulumi.Output<string> {
  return pulumi.output(args).apply((plain) => {
    const networksAdvanced = plain.networksAdvanced?.map((network) => ({
      ...network,
      aliases: network.aliases?.filter((alias) => !aliases.includes(alias)),
    }));
    return fingerprintOfPlain({ ...plain, networksAdvanced });
  });
}

/** Fingerprint of arguments without outputs, 16 hexadecimal digits. */
export function fingerprintOfPlain(args: object): string {
  return createHash("sha256").update(JSON.stringify(args)).digest("hex").slice(0, 16);
}

/** Fingerprint of the files, whose change replaces the container too. It is keyed, so that the label reveals nothing of a secret. */
export function fingerprintOfFiles(
  files: NonNullable<ContainerSpec["files"]>,
  key: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.all([files, key]).apply(([content, secret]) => fingerprintOf(content, secret)));
}
