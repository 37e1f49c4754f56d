import * as pulumi from "@pulumi/pulumi";
import { container } from "./container";
import type { ContainerSpec, Turn } from "./container-spec";
import { healthGate } from "./gate";
import type { HealthCheck } from "./health";

export interface WorkerArgs extends ContainerSpec, Turn {
  /** Health check. Default: none, so a new container must stay up for five seconds. */
  health?: HealthCheck;
  /** Number of containers. Default: 1. */
  replicas?: number;
  /** Single instance, e.g. a scheduler: the old container is deleted before the new one is created. Default: new before old. */
  single?: boolean;
  /** Timeout in seconds for a new container to become healthy. Default: 120. */
  timeout?: number;
}

/**
 * Works in the background and serves no requests. A release starts new containers beside the old and stops those at the
 * very end; `stopGrace` is the time they have to end what they are at. One that is `single` is replaced in its turn, after
 * all it depends on, so a release that failed before has not touched it.
 */
export class Worker extends pulumi.ComponentResource {
  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:app:Worker", name, {}, opts);
    const { health, replicas = 1, single = false, timeout, after } = args;
    if (single && replicas > 1) {
      throw new pulumi.ResourceError(
        `Worker ${name}: it is single, so it cannot have ${replicas} replicas. Leave one of the two out.`,
        this,
      );
    }
    for (let index = 1; index <= replicas; index++) {
      const replica = single ? name : `${name}-${index}`;
      const dockerContainer = container(
        replica,
        args,
        { alias: name, labels: { service: name }, background: true, single, ...(health && { health }) },
        // A new one is made early, as that costs no time. Of a single one, the old would be gone from then on.
        { parent: this, ...(single && { dependsOn: after }) },
      );
      // Nothing serves in place of a single one, so it is left to try again.
      const failing = single ? "keep" : "stop";
      healthGate(replica, { spec: args, container: dockerContainer, health, timeout, failing, dependsOn: after }, this);
    }
    this.registerOutputs({});
  }
}
