import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Image } from "../build/image";
import type { Network } from "../host/network";
import { type InStack, type Scope, scopeOf } from "../host/scope";
import type { Server } from "../host/server";
import type { Volume } from "../host/volume";
import type { Label } from "../model/labels";
import type { HealthCheck } from "./health";
import type { Limits } from "./limits";

/** Arguments that every container component takes. */
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
  /** Folders the process may write to, on the disk, deleted with the container: uploads in progress and the like. Default: none. */
  scratch?: string[];
  /** Ports in the container by the port of the server's own loopback address they get, for tools. Default: none. */
  loopbackPorts?: Record<number, number>;
  /** Numeric `uid:gid` of the process. Default: root, for images that drop their rights themselves. */
  user?: string;
  /** Linux capabilities the process needs; all others are dropped. Default: none. */
  capabilities?: string[];
  /** Resource limits. Default: see `Limits`. */
  limits?: Limits;
  /** Seconds between the stop signal and the kill when the container is removed. Default: 30. */
  stopGrace?: number;
  /** Transforms the container's arguments before creation. Default: none. */
  transform?: (args: docker.ContainerArgs) => docker.ContainerArgs;
}

/** What a component decides about its containers. */
export interface ContainerRole {
  /** Name by which the others in the network reach it, beside the container's own. */
  alias?: string;
  /** Labels beside those every container has. */
  labels?: Partial<Record<Label, pulumi.Input<string>>>;
  health?: HealthCheck;
  /** `job`: runs once, and its gate starts it. Default: a service that is always restarted. */
  kind?: "service" | "job";
  /** Single instance: the old container is deleted before the new one is created. Default: new before old, unless it publishes loopback ports. */
  single?: boolean;
  /** Serves no requests, so a plan does not report downtime while it is replaced. Default: false. */
  background?: boolean;
  /** Arguments of the Docker container that replace those made from the specification. */
  overrides?: Partial<docker.ContainerArgs>;
}

/** Start order of a component, which the program may set. */
export interface Turn {
  /** Resources that must be ready before it starts, e.g. a `Job`. Default: the jobs of its image that stand before it in the program. */
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
