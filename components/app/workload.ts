import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../host/scope";
import { refuse } from "../problems";
import { container } from "./container";
import { type ContainerRole, type ContainerSpec, stackOf } from "./container-spec";
import { healthGate } from "./gate";
import { swarmService } from "./swarm-service";
import type { Workload, WorkloadArgs } from "./workload-args";
import { workloadProblems } from "./workload-problems";

/**
 * Runs the containers of a service or worker. On one server, and for what is bound to the home of a cluster, they are containers; else one
 * service of the Swarm, which runs them on any of the servers. This is the only place that knows both.
 */
export function workload(name: string, spec: ContainerSpec, args: WorkloadArgs, parent: pulumi.Resource): Workload {
  const { swarm } = placeOf(stackOf(spec));
  if (!swarm) return containers(name, spec, args, parent);
  refuse(`the service ${name}`, workloadProblems(spec, args), parent);
  return isBound(spec) ? containers(name, spec, args, parent) : swarmService(name, spec, args, parent);
}

/** Whether containers can run on one server only: the one with their volumes, or with the port that tools use. */
function isBound({ volumes = {}, folders = {}, loopbackPorts }: ContainerSpec): boolean {
  return loopbackPorts !== undefined || Object.keys({ ...volumes, ...folders }).length > 0;
}

function containers(name: string, spec: ContainerSpec, args: WorkloadArgs, parent: pulumi.Resource): Workload {
  const { replicas, health, timeout, after, single, background } = args;
  const hosts: docker.Container["name"][] = [];
  const gates: pulumi.Resource[] = [];
  for (let index = 1; index <= replicas; index++) {
    const replica = single ? name : `${name}-${index}`;
    const role: ContainerRole = {
      alias: name,
      labels: { service: name },
      ...(health && { health }),
      ...(background && { background }),
      ...(single !== undefined && { single }),
    };
    // Created early, which makes releases faster; a single one late, as its predecessor is deleted before.
    const made = container(replica, spec, role, { parent, ...(single && { dependsOn: after }) });
    // A single one has no predecessor that still runs, so a failed one keeps running and retries.
    const failing = single ? "keep" : "stop";
    gates.push(healthGate(replica, { spec, container: made, health, timeout, failing, dependsOn: after }, parent));
    hosts.push(made.name);
  }
  return { hosts, gates };
}
