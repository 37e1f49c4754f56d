import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Image } from "../build/image";
import type { InNetwork } from "../host/network";
import { type InStack, type Scope, scopeOf } from "../host/scope";
import type { Server } from "../host/server";
import type { Volume } from "../host/volume";
import type { Label } from "../model/labels";
import type { HealthCheck } from "./health";
import type { Limits } from "./limits";

/** Arguments that every container component takes. */
export interface ContainerSpec {
  /** Networks, at least one. Other containers in them reach it by its name. */
  networks: readonly InNetwork[];
  /**
   * Further names by which other containers in its networks reach it. A new one takes effect when the container is replaced for another
   * reason: it restarts no database. Default: none.
   * @example ["db"]
   */
  aliases?: readonly string[] | undefined;
  /**
   * An `Image`, or a reference such as `postgres:16-alpine`, which the engine pulls if it does not have it. A container of an `Image`
   * starts after the preceding jobs of that image in the program.
   */
  image: Image | pulumi.Input<string>;
  /** Arguments after the image's entrypoint. Default: the image's. */
  command?: string[];
  /** Environment variables. Put secrets in `files` instead. Default: none. */
  env?: Record<string, pulumi.Input<string>>;
  /** Content of files with secrets or configuration, by path in the container. Only `user` can read them (0400). Default: none. */
  files?: Record<string, pulumi.Input<string>>;
  /** Named volumes by their path in the container. Default: none. */
  volumes?: Record<string, Volume | { volume: Pick<Volume, "name">; readOnly: boolean }>;
  /** Folders of the engine's machine by their path in the container, read-only, e.g. for live reload on this machine's. Default: none. */
  folders?: Record<string, pulumi.Input<string>>;
  /** Writable folders in memory, 16 MiB each, e.g. for sockets. Default: none; the root file system is read-only. */
  tmpfs?: string[];
  /** Writable folders on the disk, deleted with the container, e.g. for uploads in progress. Default: none. */
  scratch?: string[];
  /** Ports in the container by port on the server's loopback address, for tools. Default: none. */
  loopbackPorts?: Record<number, number>;
  /** Numeric `uid:gid` of the process. Default: root, for images that drop their privileges themselves. */
  user?: string;
  /** Linux capabilities that the process needs. All others are dropped. Default: none. */
  capabilities?: string[];
  /** Resource limits. Default: see `Limits`. */
  limits?: Limits;
  /** Time between the stop signal and the kill, in seconds. Default: 30. */
  stopGrace?: number;
  /** Transforms the container's arguments before creation. Default: none. */
  transform?: (args: docker.ContainerArgs) => docker.ContainerArgs;
}

/** Properties of a container that its component sets. */
export interface ContainerRole {
  /** Name by which other containers in its networks reach it, in addition to the container's name. */
  alias?: string;
  /** Labels in addition to those of every container. */
  labels?: Partial<Record<Label, pulumi.Input<string>>>;
  health?: HealthCheck;
  /** `job`: runs once. Default: `service`, which Docker restarts unless it was stopped. */
  kind?: "service" | "job";
  /** Single instance: the old container is deleted before the new one is created. Default: true with loopback ports, else false. */
  single?: boolean;
  /** Serves no requests, so a plan does not report downtime while it is replaced. Default: false. */
  background?: boolean;
  /** Arguments of the Docker container that override those from the specification. */
  overrides?: Partial<docker.ContainerArgs>;
}

/** Start order of a component. */
export interface StartOrder {
  /** Resources that must be ready before it starts, in addition to the preceding jobs of its image in the program. Default: none. */
  after?: pulumi.Resource | pulumi.Resource[] | undefined;
}

type InNetworks = Pick<ContainerSpec, "networks">;

/** The stack of a container: that of its networks. @throws pulumi.RunError if it has no network. */
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
