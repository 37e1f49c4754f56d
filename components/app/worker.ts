import * as pulumi from "@pulumi/pulumi";
import { container } from "./container";
import type { ContainerSpec, StartOrder } from "./container-spec";
import { healthGate } from "./gate";
import type { HealthCheck } from "./health";

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
    for (let index = 1; index <= replicas; index++) {
      const replica = single ? name : `${name}-${index}`;
      const dockerContainer = container(
        replica,
        args,
        { alias: name, labels: { service: name }, background: true, single, ...(health && { health }) },
        // Created early, which makes releases faster; a single one late, as its predecessor is deleted before.
        { parent: this, ...(single && { dependsOn: after }) },
      );
      // A single worker has no predecessor that still runs, so a failed one keeps running and retries.
      const failing = single ? "keep" : "stop";
      healthGate(replica, { spec: args, container: dockerContainer, health, timeout, failing, dependsOn: after }, this);
    }
    this.registerOutputs({});
  }
}
