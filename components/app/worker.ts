import * as pulumi from "@pulumi/pulumi";
import type { ContainerSpec, StartOrder } from "./container-spec";
import type { HealthCheck } from "./health";
import { workload } from "./workload";

export interface WorkerArgs extends ContainerSpec, StartOrder {
  /** Health check. Default: none; a new container must run for five seconds. */
  health?: HealthCheck;
  /** Number of containers. Default: 1. */
  replicas?: number;
  /** Single instance, e.g. a scheduler: the old container is deleted before the new one is created. Default: new before old. */
  single?: boolean;
  /** Timeout in seconds for a new container to become healthy. Default: 120. */
  timeout?: number;
}

/**
 * A background process that serves no requests. A release starts new containers beside the old ones, which Pulumi stops at its end.
 * `stopGrace` is their time to complete their current work. A `single` worker is replaced only after its dependencies are ready, so a
 * release that fails earlier leaves it running.
 */
export class Worker extends pulumi.ComponentResource {
  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:app:Worker", name, {}, opts);
    const { health, replicas = 1, single = false, timeout, after } = args;
    if (single && replicas > 1) {
      throw new pulumi.ResourceError(
        `Worker ${name}: a single worker cannot have ${replicas} replicas. Remove single or replicas.`,
        this,
      );
    }
    workload(name, args, { replicas, health, timeout, after, single, background: true }, this);
    this.registerOutputs({});
  }
}
