import type * as pulumi from "@pulumi/pulumi";
import type { StartOrder } from "./container-spec";
import type { HealthCheck } from "./health";

/** What a service or worker wants, in addition to its containers' specification. */
export interface WorkloadArgs extends StartOrder {
  /** Number of containers. */
  replicas: number;
  health?: HealthCheck | undefined;
  /** Timeout in seconds for a new container to become healthy. */
  timeout?: number | undefined;
  /** Single instance: the old one is stopped before the new one starts. Default: new before old. */
  single?: boolean;
  /** Serves no requests. Default: false. */
  background?: boolean;
}

export interface Workload {
  /** Host names of the containers. */
  hosts: pulumi.Output<string>[];
  /** The health gates. */
  gates: pulumi.Resource[];
}
