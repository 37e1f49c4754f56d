import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Volume } from "../data/volume";
import type { Network } from "../host/network";
import { labels } from "../naming";
import { dockerHealthcheck, type HealthCheck, NO_HEALTHCHECK } from "./health";

/** What every container of the stack can say about itself, whatever it is for. */
export interface ContainerSpec {
  network: Network;
  /** Image reference, e.g. `postgres:16-alpine`, or that of an `Image`. */
  image: pulumi.Input<string>;
  /** Words after the image's entrypoint. Default: the image's own. */
  command?: string[];
  /** Plain settings. A secret belongs into `files`. Default: none. */
  env?: Record<string, pulumi.Input<string>>;
  /** Files by their path in the container: secrets and configuration. Only the process may read them. Default: none. */
  files?: Record<string, pulumi.Input<string>>;
  /** Named volumes by their path in the container. Default: none. */
  volumes?: Record<string, Volume | { volume: Volume; readOnly: boolean }>;
  /** Numeric `uid:gid` of the process. Default: root, for images that drop their rights themselves. */
  user?: string;
  /** Linux capabilities the process needs; all others are dropped. Default: none. */
  capabilities?: string[];
  /** Memory limit in MiB. Default: no limit. */
  memory?: number;
  /** Seconds between the stop signal and the kill when the container is removed. Default: 30. */
  stopGrace?: number;
  /** A last word on the container's arguments. */
  transform?: (args: docker.ContainerArgs) => docker.ContainerArgs;
}

/** What the components that are made of containers decide themselves. */
export interface ContainerRole {
  /** Name by which the others in the network reach it, beside the container's own. */
  alias?: string;
  /** Labels beside those every container has. */
  labels?: Record<string, pulumi.Input<string>>;
  health?: HealthCheck;
  /** `job`: made but not started, runs once. Default: a service that is always restarted. */
  kind?: "service" | "job";
  /** Old before new, for what must never run twice. Default: new before old. */
  single?: boolean;
  /** Arguments of the Docker container that replace those made from the specification. */
  overrides?: Partial<docker.ContainerArgs>;
}

/** Where a container stands in the graph. */
export interface ContainerOptions {
  parent: pulumi.Resource;
  dependsOn?: pulumi.ResourceOptions["dependsOn"] | undefined;
  ignoreChanges?: string[];
}

/** The one place that turns what a component wants into a container. */
export function container(
  name: string,
  spec: ContainerSpec,
  role: ContainerRole,
  { dependsOn, ...opts }: ContainerOptions,
): docker.Container {
  const args = { ...specified(spec), ...fulfilling(name, spec, role), ...role.overrides };
  const transformed = spec.transform?.(args) ?? args;
  const own = labels({ service: name, ...role.labels, spec: fingerprint(transformed) });
  return new docker.Container(
    name,
    { ...transformed, labels: own },
    {
      ...opts,
      ...(dependsOn && { dependsOn }),
      provider: spec.network.server.docker,
      deleteBeforeReplace: role.single ?? false,
      replaceOnChanges: ["labels"],
    },
  );
}

function specified(spec: ContainerSpec): docker.ContainerArgs {
  return {
    image: spec.image,
    ...(spec.command && { command: spec.command }),
    envs: pulumi.output(spec.env ?? {}).apply((env) =>
      Object.entries(env)
        .map(([key, value]) => `${key}=${value}`)
        .sort(),
    ),
    uploads: Object.entries(spec.files ?? {}).map(([file, content]) => ({
      file,
      content,
      permissions: readableBy(spec),
    })),
    mounts: Object.entries(spec.volumes ?? {}).map(([target, mount]) => ({
      type: "volume",
      target,
      source: "volume" in mount ? mount.volume.name : mount.name,
      readOnly: "volume" in mount && mount.readOnly,
    })),
    ...(spec.user !== undefined && { user: spec.user, groupAdds: ["0"] }),
    ...(spec.memory !== undefined && { memory: spec.memory, memorySwap: spec.memory }),
    capabilities: { drops: ["ALL"], adds: (spec.capabilities ?? []).map((name) => `CAP_${name}`).sort() },
    securityOpts: ["no-new-privileges"],
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    destroyGraceSeconds: spec.stopGrace ?? 30,
  };
}

function fulfilling(name: string, spec: ContainerSpec, role: ContainerRole): Partial<docker.ContainerArgs> {
  const job = role.kind === "job";
  return {
    // Only so do aliases hold; the provider takes the default network away again.
    networkMode: "bridge",
    networksAdvanced: [{ name: spec.network.name, aliases: [role.alias ?? name] }],
    restart: job ? "no" : "unless-stopped",
    start: !job,
    mustRun: !job,
    // Without one of its own, the image's would be at work, which may mean something else here.
    healthcheck: role.health ? dockerHealthcheck(role.health) : NO_HEALTHCHECK,
  };
}

/**
 * Who may read a file. The engine gives files to root, whatever owner is asked for: it looks the container's user up
 * among the users of the server (moby's tarCopyOptions) and fails. So another user reads them as a member of root's
 * group, which nobody else in the container is.
 */
function readableBy({ user }: ContainerSpec): string {
  return user === undefined ? "0400" : "0440";
}

/**
 * Everything but the files' contents as 16 hexadecimal digits, in a label: an edit the provider would take
 * for done without doing it (a health check, tmpfs) then replaces the container. Files replace it anyway,
 * and no label should tell anything of a secret.
 */
function fingerprint({ uploads: _, ...args }: docker.ContainerArgs): pulumi.Output<string> {
  return pulumi
    .output(args)
    .apply((plain) => createHash("sha256").update(JSON.stringify(plain)).digest("hex").slice(0, 16));
}
