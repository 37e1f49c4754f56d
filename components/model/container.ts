import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** A container's inputs as Pulumi's Docker provider has them. Each may be missing: not set, not known yet, or not part of the question. */
export type ContainerInputs = Partial<pulumi.Unwrap<docker.ContainerArgs>>;

/** Whether a container is a job: it runs once, ends, and is not started again. */
export function isJob({ restart }: { restart?: unknown }): boolean {
  return restart === "no";
}
