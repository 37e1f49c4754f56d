import { createHash } from "node:crypto";
import { posix } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../host/scope";
import { nodeLabel } from "../model/labels";
import { ENGINE_LOGS, journalDriver } from "../model/log-driver";
import { labels, thisStack } from "../naming";
import { refuse } from "../problems";
import { scriptBeside } from "../scripts";
import { commandLook } from "./command-check";
import { beforeStart, imageOf, providedPaths } from "./container";
import { fingerprintOfFiles, fingerprintOfPlain } from "./container-args";
import { specProblems } from "./container-problems";
import { type ContainerSpec, scopeOfContainer, stackOf } from "./container-spec";
import { dockerHealthcheck, duration, type HealthCheck, NO_HEALTHCHECK } from "./health";
import { limitsOf } from "./limits";
import type { Workload, WorkloadArgs } from "./workload-args";

/**
 * Runs a service or worker in the Swarm of a cluster. Each release creates a new service beside the old one, without containers. Its gate
 * starts them after the preceding jobs and waits until all are healthy. The end of the release removes the old service.
 */
export function swarmService(name: string, spec: ContainerSpec, args: WorkloadArgs, parent: pulumi.Resource): Workload {
  refuse(`the service ${name}`, specProblems(name, spec), parent);
  const { home, servers, swarm } = placeOf(stackOf(spec));
  const members = scopeOfContainer(spec).add(parent);
  const image = imageOf(name, spec, parent);
  const { files = {}, command } = spec;
  const look = commandLook({ name, image, ...(command && { command }), providedPaths: providedPaths(spec) });
  members.commands.push(look.line);
  const taskSpec = taskOf(name, spec, image, args.health, home.journal?.name);
  const own = labels({
    service: name,
    ...(args.single && { single: "true" }),
    ...(args.background && { background: "true" }),
    command: look.fingerprint,
    spec: pulumi.output(taskSpec).apply(fingerprintOfPlain),
    ...(spec.files && { files: fingerprintOfFiles(files, home.fingerprintKey) }),
  });
  const joined = swarm?.joined ?? [];
  const secrets = secretsOf(name, spec, { parent, provider: home.docker, dependsOn: [...joined] });
  const service = new docker.Service(
    name,
    {
      labels: own,
      // The gate starts the containers.
      mode: { replicated: { replicas: 0 } },
      // Without virtual addresses: nginx resolves the address of each container.
      endpointSpec: { mode: "dnsrr" },
      taskSpec: { ...taskSpec, containerSpec: { ...taskSpec.containerSpec, labels: own, secrets } },
    },
    {
      parent,
      provider: home.docker,
      dependsOn: [...joined, ...servers.flatMap(({ journal }) => journal?.made ?? [])],
      deleteBeforeReplace: false,
      // Removed by the sweep of a release, or by endWith: the provider fails where the service is gone, and waits too briefly.
      retainOnDelete: true,
      replaceOnChanges: ["labels"],
      // The labels have fingerprints of all of it. Swarm fills in more than the program says.
      ignoreChanges: ["endpointSpec", "mode.replicated.replicas", "taskSpec"],
    },
  );
  members.services.push(service.id);
  endWith(name, spec, service, parent);
  return {
    hosts: [pulumi.interpolate`tasks.${service.name}`],
    gates: [serviceGate(name, spec, args, service, parent)],
  };
}

/** Starts the containers of a service and waits until all are healthy. A single one starts after the old one has stopped. */
function serviceGate(
  name: string,
  spec: ContainerSpec,
  { replicas, timeout = 120, single, after, health }: WorkloadArgs,
  service: docker.Service,
  parent: pulumi.Resource,
): pulumi.Resource {
  const { gates } = scopeOfContainer(spec).add(parent);
  const { project, stack } = thisStack();
  const [failing, replaces] = single ? ["keep", name] : ["stop", ""];
  // Without a health check, they must run for five seconds.
  const steady = health ? "0" : "5";
  const words = [project, stack, String(replicas), String(timeout), failing, steady, replaces];
  const started = placeOf(stackOf(spec)).home.run(
    `${name}-healthy`,
    {
      script: scriptBeside(__dirname, "await-service.sh"),
      args: [service.id, ...words],
      triggers: [service.id, String(replicas)],
    },
    { parent, dependsOn: beforeStart(spec, after) },
  );
  gates.push(started);
  return started;
}

/**
 * Removes the service when the stack or the service is deleted. The gate cannot do it: another number of containers replaces the gate, and
 * the service stays.
 */
function endWith(name: string, spec: ContainerSpec, service: docker.Service, parent: pulumi.Resource): void {
  placeOf(stackOf(spec)).home.run(
    `${name}-ended`,
    {
      script: "",
      undo: END_SERVICE + scriptBeside(__dirname, "remove-service.sh"),
      args: [service.id],
      triggers: [service.id],
    },
    { parent, dependsOn: [service] },
  );
}

/** The shell function `end_service`. */
export const END_SERVICE = scriptBeside(__dirname, "end-service.sh");

const MIB = 1024 * 1024;

/** What a container of the service is. */
function taskOf(
  name: string,
  spec: ContainerSpec,
  image: pulumi.Input<string>,
  health: HealthCheck | undefined,
  journal: string | undefined,
) {
  const { memory, reservation, cpus } = limitsOf(spec);
  const log = journal === undefined ? ENGINE_LOGS : journalDriver(journal, name);
  return {
    containerSpec: {
      image,
      ...(spec.command && { args: spec.command }),
      env: spec.env ?? {},
      readOnly: true,
      ...(spec.user !== undefined && { user: spec.user }),
      capDrops: ["ALL"],
      capAdds: (spec.capabilities ?? []).map((one) => `CAP_${one}`).sort(),
      mounts: [
        // Swarm knows no owner of a folder in memory, which is the container's alone.
        ...(spec.tmpfs ?? []).map((target) => ({
          type: "tmpfs",
          target,
          tmpfsOptions: { mode: 0o777, sizeBytes: 16 * MIB },
        })),
        // Without a source, each container has its own, which is deleted with it.
        ...(spec.scratch ?? []).map((target) => ({ type: "volume", target })),
      ],
      healthcheck: health ? dockerHealthcheck(soonChecked(health)) : NO_HEALTHCHECK,
      stopGracePeriod: duration(spec.stopGrace ?? 30),
    },
    resources: {
      limits: { memoryBytes: memory * MIB, nanoCpus: Math.round(cpus * 1e9) },
      ...(reservation > 0 && { reservation: { memoryBytes: reservation * MIB } }),
    },
    restartPolicy: { condition: "any", delay: "2s" },
    placement: { constraints: [`node.labels.${nodeLabel(thisStack())}==true`] },
    networksAdvanceds: spec.networks.map(({ id }) => ({ id, aliases: [name, ...(spec.aliases ?? [])] })),
    logDriver: { name: log.logDriver, options: log.logOpts },
  };
}

/** Swarm counts a container as running after its first check, so that it comes within 5 seconds. It is unhealthy after the same time. */
function soonChecked({ interval = 10, retries = 5, ...health }: HealthCheck): HealthCheck {
  const shorter = Math.min(interval, 5);
  return { ...health, interval: shorter, retries: Math.ceil((retries * interval) / shorter) };
}

/** A secret of the Swarm for each file. A changed one is created beside the old one, which the old service still has. */
function secretsOf(name: string, { files = {}, user = "0:0" }: ContainerSpec, opts: pulumi.CustomResourceOptions) {
  const [fileUid = "0", fileGid = fileUid] = user.split(":");
  return Object.entries(files).map(([path, content]) => {
    const secret = new docker.Secret(
      secretName(name, path, Object.keys(files)),
      {
        // Swarm refuses an empty secret.
        data: pulumi.secret(pulumi.output(content).apply((text) => Buffer.from(text || "\n").toString("base64"))),
        labels: labels({ service: name }),
      },
      { ...opts, additionalSecretOutputs: ["data"], deleteBeforeReplace: false },
    );
    return { secretId: secret.id, secretName: secret.name, fileName: path, fileUid, fileGid, fileMode: 0o400 };
  });
}

/** `<service>-<file>`; with a fingerprint of the path where several files have the name. Swarm allows 64 characters. */
function secretName(service: string, path: string, paths: readonly string[]): string {
  const file = posix.basename(path).replaceAll(/[^\w.-]/g, "-");
  const alone =
    paths.filter((other) => posix.basename(other) === posix.basename(path)).length === 1 && file.length <= 24;
  const short = alone ? file : `${file.slice(0, 15)}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
  return `${service.slice(0, 30)}-${short}`;
}
