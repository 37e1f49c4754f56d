import * as pulumi from "@pulumi/pulumi";
import { type ContainerSpec, container } from "./container";
import { healthGate } from "./gate";
import type { HealthCheck } from "./health";

export interface WebServiceArgs extends ContainerSpec {
  /** Port it listens on, inside the network only. */
  port: number;
  /** When a container is well. */
  health: HealthCheck;
  /** Containers that share the load. Default: 1. */
  replicas?: number;
  /** Seconds a new container has to become healthy. Default: 120. */
  timeout?: number;
}

/** An HTTP service behind the edge. A release starts new containers beside the old and removes those at the very end. */
export class WebService extends pulumi.ComponentResource {
  /** `host:port` of each container, known once all are healthy. */
  readonly upstreams: pulumi.Output<string[]>;

  constructor(name: string, args: WebServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:app:WebService", name, {}, opts);
    const replicas = Array.from({ length: args.replicas ?? 1 }, (_, index) => {
      const replica = `${name}-${index + 1}`;
      const made = container(
        replica,
        args,
        { alias: name, health: args.health, labels: { service: name } },
        { parent: this, dependsOn: opts?.dependsOn },
      );
      const gate = healthGate(
        replica,
        { spec: args, container: made, health: args.health, timeout: args.timeout },
        this,
      );
      return pulumi.all([made.name, gate.urn]).apply(([host]) => `${host}:${args.port}`);
    });
    this.upstreams = pulumi.all(replicas);
    this.registerOutputs({ upstreams: this.upstreams });
  }
}
