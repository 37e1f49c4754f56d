import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** A container's inputs in the form of Pulumi's Docker provider. Each may be missing, if it is not set or unknown. */
export type ContainerInputs = Partial<pulumi.Unwrap<docker.ContainerArgs>>;

/** Whether a container is a job, which runs once and is not restarted. */
export function isJob({ restart }: { restart?: unknown }): boolean {
  return restart === "no";
}
