import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "../host/server";
import { scriptBeside } from "../scripts";
import type { HealthCheck } from "./health";

export interface HealthGateArgs {
  server: Server;
  container: docker.Container;
  health: HealthCheck;
  /** Seconds until a container that is not healthy fails the release. Default: 120. */
  timeout?: number | undefined;
  /** What becomes of a container that fails. Default: stopped, as what ran before still serves. */
  failing?: "stop" | "keep";
}

/**
 * Lets a release go on when a new container is healthy. One that stops or turns unhealthy fails it at once, with name,
 * state, exit code, health output and last log lines; as the gate is not in the state then, the next `up` asks again.
 */
export function healthGate(name: string, args: HealthGateArgs, parent: pulumi.Resource): pulumi.Resource {
  const { server, container, health, timeout = 120, failing = "stop" } = args;
  const words = pulumi.output(container.id).apply((id) => [id, String(timeout), failing, ...health.command]);
  return server.run(
    `${name}-healthy`,
    { script: scriptBeside(__dirname, "await-healthy.sh"), args: words, triggers: [container.id] },
    { parent },
  );
}

/** Runs a job's container and lets a release go on when it ended well. */
export function completionGate(
  name: string,
  { server, container, timeout = 600 }: Omit<HealthGateArgs, "health" | "failing">,
  parent: pulumi.Resource,
): pulumi.Resource {
  const words = pulumi.output(container.id).apply((id) => [id, String(timeout)]);
  return server.run(
    `${name}-completed`,
    { script: scriptBeside(__dirname, "run-job.sh"), args: words, triggers: [container.id] },
    { parent },
  );
}
