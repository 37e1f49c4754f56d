import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Image } from "../build/image";
import { pulledImage } from "../build/pulled-image";
import { ENGINE_LOGS } from "../model/log-driver";
import type { PublishedPort } from "../model/published-port";
import { labels } from "../naming";
import { refuse } from "../problems";
import { commandLook } from "./command-check";
import { argsFromRole, argsFromSpec, fingerprint, fingerprintOfFiles } from "./container-args";
import { specProblems } from "./container-problems";
import { type ContainerRole, type ContainerSpec, scopeOfContainer, serverOf } from "./container-spec";

/** Resource options of a container. */
export interface ContainerOptions {
  parent: pulumi.Resource;
  dependsOn?: pulumi.ResourceOptions["dependsOn"] | undefined;
  ignoreChanges?: string[];
  /** Whether Pulumi leaves a replaced or removed container to its component. Default: false. */
  retainOnDelete?: boolean;
}

/**
 * Creates a container from the specification and the role that a component gives it. All components use this function. The container's
 * gate copies its files, sets its process limit and starts it.
 */
export function container(
  name: string,
  spec: ContainerSpec,
  role: ContainerRole,
  { dependsOn, ignoreChanges = [], ...opts }: ContainerOptions,
): docker.Container {
  refuse(`the container ${name}`, specProblems(name, spec), opts.parent);
  const image = imageOf(role.alias ?? name, spec, opts.parent);
  const args = { ...argsFromSpec(spec), image, ...argsFromRole(name, spec, role), ...role.overrides };
  const transformed = spec.transform?.(args) ?? args;
  const { docker: provider, fingerprintKey } = serverOf(spec);
  const members = scopeOfContainer(spec).add(opts.parent);
  const single = role.single ?? spec.loopbackPorts !== undefined;
  const keepsLog = single && serverOf(spec).journal !== undefined && hasLogOf(transformed, args);
  const command = commandLook({ ...transformed, name, providedPaths: providedPaths(spec) });
  members.commands.push(command.line);
  const containerLabels = labels({
    service: name,
    ...role.labels,
    ...(single && { single: "true" }),
    ...(role.background && { background: "true" }),
    command: command.fingerprint,
    spec: fingerprint(keepsLog ? { ...transformed, ...ENGINE_LOGS } : transformed, spec.aliases),
    ...(spec.files && { files: fingerprintOfFiles(spec.files, fingerprintKey) }),
  });
  const dockerContainer = new docker.Container(
    name,
    { ...transformed, labels: containerLabels },
    {
      ...opts,
      // Single-instance containers are deleted before their replacement is created.
      dependsOn: afterJournal(spec, single ? beforeStart(spec, dependsOn) : dependsOn),
      provider,
      deleteBeforeReplace: single,
      replaceOnChanges: ["labels"],
      // A replacement takes them from the program.
      ignoreChanges: [
        ...ignoreChanges,
        ...(spec.aliases ? ["networksAdvanced[*].aliases"] : []),
        // A single-instance container, e.g. a database, is not restarted for a log driver.
        ...(keepsLog ? ["logDriver", "logOpts"] : []),
      ],
    },
  );
  members.containers.push(dockerContainer.id);
  // The watch and the preparation look at the home of a stack only.
  if (serverOf(spec).suffix === "") {
    members.files.push(dockerContainer.id.apply((id) => [id, ...Object.keys(spec.files ?? {})].join(" ")));
    members.ports.push(publishedPorts(transformed));
  }
  return dockerContainer;
}

/**
 * Dependencies of a container's start, and of the deletion of a single-instance container: its own dependencies, the preceding jobs of
 * its image, and the check of all commands, so that a release with a missing file starts and stops nothing.
 */
export function beforeStart(spec: ContainerSpec, dependsOn: pulumi.ResourceOptions["dependsOn"] = []) {
  const scope = scopeOfContainer(spec);
  const jobs = spec.image instanceof Image ? scope.jobsOf(spec.image) : [];
  return pulumi
    .all([pulumi.output(dependsOn), scope.commandsExist])
    .apply(([on, checked]) => [...[on].flat(), ...jobs, checked]);
}

/** The dependencies of a container, and the journal that it logs to: it is made before the container, and removed after it. */
function afterJournal(spec: ContainerSpec, dependsOn: pulumi.ResourceOptions["dependsOn"] = []) {
  const { journal } = serverOf(spec);
  return journal ? pulumi.output(dependsOn).apply((on) => [journal.made, ...[on].flat()]) : dependsOn;
}

/** Whether a program has left the log driver as it was. */
function hasLogOf({ logDriver, logOpts }: docker.ContainerArgs, args: docker.ContainerArgs): boolean {
  return logDriver === args.logDriver && logOpts === args.logOpts;
}

/** The TCP ports with a number of their own on the server. */
function publishedPorts({ ports }: docker.ContainerArgs): pulumi.Output<PublishedPort[]> {
  return pulumi
    .output(ports)
    .apply((all = []) =>
      all.flatMap(({ external, ip = "0.0.0.0", protocol = "tcp" }) =>
        external && protocol === "tcp" ? [{ address: ip, port: external }] : [],
      ),
    );
}

/** Paths that are mounted into the container or copied to it, so that its image need not have them. */
export function providedPaths({ files, folders, volumes, scratch, tmpfs }: ContainerSpec): string[] {
  return [files, folders, volumes].flatMap((byPath) => Object.keys(byPath ?? {})).concat(scratch ?? [], tmpfs ?? []);
}

const pulledImages = new WeakMap<pulumi.Resource, Map<string, pulumi.Output<string>>>();

/** Pulls an image by its reference to the server of a container, once for all replicas. */
export function imageOf(service: string, spec: ContainerSpec, parent: pulumi.Resource): pulumi.Input<string> {
  const server = serverOf(spec);
  const reference = spec.image instanceof Image ? spec.image.on(server) : spec.image;
  if (typeof reference !== "string") return reference;
  const imagesOfParent = pulledImages.get(parent) ?? new Map<string, pulumi.Output<string>>();
  pulledImages.set(parent, imagesOfParent);
  const key = `${reference}${server.suffix}`;
  const image = imagesOfParent.get(key) ?? pulledImage(service, reference, { parent, provider: server.docker });
  imagesOfParent.set(key, image);
  return image;
}
