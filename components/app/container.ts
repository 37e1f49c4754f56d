import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Image } from "../build/image";
import type { Network } from "../host/network";
import { type InStack, type Scope, scopeOf } from "../host/scope";
import type { Server } from "../host/server";
import type { Volume } from "../host/volume";
import { labels } from "../naming";
import { commandLook } from "./command-check";
import { fingerprintOf, foldersOf } from "./files";
import { dockerHealthcheck, type HealthCheck, NO_HEALTHCHECK } from "./health";
import { type Limits, limitsOf } from "./limits";

/** What every container of the stack can say about itself, whatever it is for. */
export interface ContainerSpec {
  /** Networks it is in, at least one: others there find it by its name. */
  networks: readonly Network[];
  /**
   * An `Image`, or a reference such as `postgres:16-alpine`, which is pulled where the engine has none of that name. What runs from
   * an `Image` starts after the jobs of that image that stand before it in the program.
   */
  image: Image | pulumi.Input<string>;
  /** Words after the image's entrypoint. Default: the image's own. */
  command?: string[];
  /** Plain settings. A secret belongs into `files`. Default: none. */
  env?: Record<string, pulumi.Input<string>>;
  /** Files by their path in the container: secrets and configuration. Only the process may read them (0400). Default: none. */
  files?: Record<string, pulumi.Input<string>>;
  /** Named volumes by their path in the container. Default: none. */
  volumes?: Record<string, Volume | { volume: Volume; readOnly: boolean }>;
  /** Folders of this machine by their path in the container, read-only: for live reload, on this machine's engine. Default: none. */
  folders?: Record<string, string>;
  /** Folders the process may write to, in memory, up to 16 MiB each: sockets and the like. Default: none; all else is read-only. */
  tmpfs?: string[];
  /** Folders the process may write to, on the disk, gone with the container: uploads under way and the like. Default: none. */
  scratch?: string[];
  /** Ports in the container by the port of the server's own loopback address they get, for tools. Default: none. */
  loopbackPorts?: Record<number, number>;
  /** Numeric `uid:gid` of the process. Default: root, for images that drop their rights themselves. */
  user?: string;
  /** Linux capabilities the process needs; all others are dropped. Default: none. */
  capabilities?: string[];
  /** How much of the server it may take. Default: see `Limits`. */
  limits?: Limits;
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
  /** Old before new, for what must never run twice. Default: new before old, unless it has ports on the loopback address. */
  single?: boolean;
  /** Nobody waits for an answer of it, so a plan does not call it an interruption when it is away for a while. Default: false. */
  background?: boolean;
  /** Arguments of the Docker container that replace those made from the specification. */
  overrides?: Partial<docker.ContainerArgs>;
}

/** Where a container stands in the graph. */
export interface ContainerOptions {
  parent: pulumi.Resource;
  dependsOn?: pulumi.ResourceOptions["dependsOn"] | undefined;
  ignoreChanges?: string[];
}

/** What starts in a turn that the program may choose. */
export interface Turn {
  /** What has to be well before it starts, e.g. a `Job`. Default: the jobs of its image that stand before it in the program. */
  after?: pulumi.Resource | pulumi.Resource[] | undefined;
}

type InNetworks = Pick<ContainerSpec, "networks">;

/** The stack a container belongs to: that of its networks. @throws pulumi.RunError when it is in none. */
export function stackOf({ networks: [network] }: InNetworks): InStack {
  if (network) return network.stack;
  throw new pulumi.RunError("A container is in no network: `networks` must name at least one.");
}

/** The server a container runs on. */
export function serverOf(spec: InNetworks): Server {
  return stackOf(spec).server;
}

/** The scope a container registers in. */
export function scopeOfContainer(spec: InNetworks): Scope {
  return scopeOf(stackOf(spec));
}

/**
 * The one place that turns what a component wants into a container. Its gate starts it, after it has brought its files
 * and set its limit of processes.
 */
export function container(
  name: string,
  spec: ContainerSpec,
  role: ContainerRole,
  { dependsOn, ...opts }: ContainerOptions,
): docker.Container {
  const image = imageOf(role.alias ?? name, spec, opts.parent);
  const args = { ...specified(spec), image, ...fulfilling(name, spec, role), ...role.overrides };
  const transformed = spec.transform?.(args) ?? args;
  const { docker: provider, fingerprintKey } = serverOf(spec);
  const members = scopeOfContainer(spec).add(opts.parent);
  const single = role.single ?? spec.loopbackPorts !== undefined;
  const command = commandLook({ ...transformed, name, given: givenTo(spec) });
  members.commands.push(command.line);
  const own = labels({
    service: name,
    ...role.labels,
    ...(single && { single: "true" }),
    ...(role.background && { background: "true" }),
    command: command.fingerprint,
    spec: fingerprint(transformed),
    ...(spec.files && { files: fingerprintOfFiles(spec.files, fingerprintKey) }),
  });
  const made = new docker.Container(
    name,
    { ...transformed, labels: own },
    {
      ...opts,
      // The old one of what must not run twice goes when the new one is made.
      ...(single ? { dependsOn: beforeStart(spec, dependsOn) } : dependsOn && { dependsOn }),
      provider,
      deleteBeforeReplace: single,
      replaceOnChanges: ["labels"],
    },
  );
  members.containers.push(made.id);
  return made;
}

/**
 * What a container's start waits for, and the stop of what must not run twice: what it depends on, the jobs of its image so far, and
 * the look-up of all commands, so that nothing is started or stopped when a file is missing anywhere.
 */
export function beforeStart(spec: ContainerSpec, dependsOn: pulumi.ResourceOptions["dependsOn"] = []) {
  const scope = scopeOfContainer(spec);
  const jobs = spec.image instanceof Image ? scope.jobsOf(spec.image) : [];
  return pulumi
    .all([pulumi.output(dependsOn), scope.commandsExist])
    .apply(([on, checked]) => [...[on].flat(), ...jobs, checked]);
}

/** What a container gets when it starts, beside its image. */
function givenTo({ files, folders, volumes, scratch, tmpfs }: ContainerSpec): string[] {
  return [files, folders, volumes].flatMap((given) => Object.keys(given ?? {})).concat(scratch ?? [], tmpfs ?? []);
}

const pulled = new WeakMap<pulumi.Resource, Map<string, docker.RemoteImage>>();

/** One that is named by its reference is pulled before anything else happens, and once for all replicas. */
function imageOf(service: string, spec: ContainerSpec, parent: pulumi.Resource): pulumi.Input<string> {
  const reference = spec.image instanceof Image ? spec.image.reference : spec.image;
  if (typeof reference !== "string") return reference;
  const own = pulled.get(parent) ?? new Map<string, docker.RemoteImage>();
  pulled.set(parent, own);
  const image =
    own.get(reference) ??
    new docker.RemoteImage(
      service,
      { name: reference, keepLocally: true },
      { parent, provider: serverOf(spec).docker, deleteBeforeReplace: false },
    );
  own.set(reference, image);
  return image.name;
}

function specified(spec: ContainerSpec): Omit<docker.ContainerArgs, "image"> {
  const { memory, cpus } = limitsOf(spec);
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
    // Files cannot be put into a read-only root, but into volumes without a name, which go with the container.
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
    // As the provider reads it back.
    cpus: Number.isInteger(cpus) ? cpus.toFixed(1) : String(cpus),
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
    networksAdvanced: spec.networks.map((network) => ({ name: network.name, aliases: [role.alias ?? name] })),
    restart: job ? "no" : "unless-stopped",
    start: false,
    mustRun: false,
    // Without one of its own, the image's would be at work, which may mean something else here.
    healthcheck: role.health ? dockerHealthcheck(role.health) : NO_HEALTHCHECK,
  };
}

function tmpfsOptions({ user }: ContainerSpec): string {
  const [uid, gid] = user?.split(":") ?? [];
  return ["size=16m", "mode=0700", ...(uid ? [`uid=${uid}`] : []), ...(gid ? [`gid=${gid}`] : [])].join(",");
}

/**
 * All arguments as 16 hexadecimal digits, in a label: an edit the provider would take for done without doing it
 * (a health check, tmpfs) then replaces the container.
 */
function fingerprint(args: docker.ContainerArgs): pulumi.Output<string> {
  return pulumi
    .output(args)
    .apply((plain) => createHash("sha256").update(JSON.stringify(plain)).digest("hex").slice(0, 16));
}

/** The same for the files, which replace it too. No label should tell anything of a secret, hence the key. */
function fingerprintOfFiles(
  files: NonNullable<ContainerSpec["files"]>,
  key: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.all([files, key]).apply(([known, secret]) => fingerprintOf(known, secret)));
}
