import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { scriptBeside } from "../scripts";
import { beforeStart } from "./container";
import { type ContainerSpec, scopeOfContainer, serverOf } from "./container-spec";
import { packFiles, packFolders } from "./files";
import type { HealthCheck } from "./health";
import { limitsOf } from "./limits";

export interface GateArgs {
  /** Specification of the container. */
  spec: ContainerSpec;
  container: docker.Container;
  /** Resources that must be ready before the start, in addition to the container. Default: none. */
  dependsOn?: pulumi.ResourceOptions["dependsOn"] | undefined;
  /** Folders in volumes to create for the container's user. Default: none. */
  ownFolders?: readonly string[];
}

export interface HealthGateArgs extends GateArgs {
  /** Health check. Default: none; the container must run for five seconds. */
  health?: HealthCheck | undefined;
  /** Timeout in seconds for the container to become healthy. Default: 120. */
  timeout?: number | undefined;
  /** Whether to stop or keep a container that fails. Default: `stop`, as the previous version still serves. */
  failing?: "stop" | "keep";
}

/**
 * Copies the files into a new container, starts it, and waits until it is healthy. If it stops or becomes unhealthy, the release
 * fails immediately and prints its name, state, exit code, health output and last log lines. The failed gate is not in the state, so
 * the next `up` runs it again.
 */
export function healthGate(name: string, args: HealthGateArgs, parent: pulumi.Resource): pulumi.Resource {
  const { health, timeout = 120, failing = "stop" } = args;
  return gate(
    `${name}-healthy`,
    "await-healthy.sh",
    [String(timeout), failing, ...(health?.command ?? [])],
    args,
    parent,
  );
}

/** Starts a new container and waits until it is healthy. After the timeout, the release prints a warning and continues without it. */
export function bestEffortGate(
  name: string,
  { health, timeout, ...args }: GateArgs & { health: HealthCheck; timeout: number },
  parent: pulumi.Resource,
): pulumi.Resource {
  return gate(`${name}-started`, "await-healthy-best-effort.sh", [String(timeout), ...health.command], args, parent);
}

/** Runs a job's container. The release continues when it exits with code 0. */
export function completionGate(
  name: string,
  { timeout = 600, ...args }: GateArgs & { timeout?: number | undefined },
  parent: pulumi.Resource,
): pulumi.Resource {
  return gate(`${name}-completed`, "run-job.sh", [String(timeout)], args, parent);
}

/** Starts a container without waiting for its health. */
export function startGate(name: string, args: GateArgs, parent: pulumi.Resource): pulumi.Resource {
  return gate(`${name}-started`, "start.sh", [], args, parent);
}

function gate(
  name: string,
  script: string,
  words: string[],
  { spec, container, dependsOn, ownFolders = [] }: GateArgs,
  parent: pulumi.Resource,
): pulumi.Resource {
  const { gates } = scopeOfContainer(spec).add(parent);
  const { user = "0:0" } = spec;
  const started = serverOf(spec).run(
    name,
    {
      script: scriptBeside(__dirname, "container.sh") + scriptBeside(__dirname, script),
      args: pulumi.output(container.id).apply((id) => [id, String(limitsOf(spec).pids), ...words]),
      input: pulumi.output(spec.files ?? {}).apply((files) => packFolders(ownFolders, user) + packFiles(files, user)),
      // The limit is recorded here because the state has it nowhere else.
      triggers: [container.id, String(limitsOf(spec).pids)],
    },
    { parent, dependsOn: beforeStart(spec, dependsOn) },
  );
  gates.push(started);
  return started;
}
