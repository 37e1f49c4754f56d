import { z } from "zod";
import { TYPES } from "./types.ts";

/** A resource in Pulumi's state: the fields Berth reads. All other fields are kept unchanged. */
const Resource = z.looseObject({
  urn: z.string().default(""),
  type: z.string(),
  id: z.string().optional(),
  /** The resource is replaced, and an unfinished update has not deleted it yet. */
  delete: z.boolean().optional(),
  /** The next update replaces the resource. */
  taint: z.boolean().optional(),
  /** Deleting the resource keeps the object, e.g. a volume. */
  retainOnDelete: z.boolean().optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  deletedWith: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
export type Resource = z.infer<typeof Resource>;

const Deployment = z.looseObject({
  resources: z.array(Resource).nullish(),
  pending_operations: z.array(z.unknown()).nullish(),
});
const State = z.looseObject({ deployment: Deployment.default({}) });
const Stored = z.object({ version: z.literal(3), checkpoint: z.object({ latest: Deployment }) });
/** The output of `pulumi stack export`. Secrets in it are encrypted unless it ran with `--show-secrets`. */
export type State = z.infer<typeof State>;

/** @throws ZodError if the text is not a state. */
export function parseState(exported: string): State {
  return State.parse(JSON.parse(exported));
}

/** A state as the file backend stores it. Undefined if it has another form, e.g. of a stack that was never deployed. */
export function parseStored(stored: string): State | undefined {
  const { success, data } = Stored.safeParse(JSON.parse(stored));
  return success ? { version: data.version, deployment: data.checkpoint.latest } : undefined;
}

/** All resources, including those pending deletion. */
export function resourcesOf(state: State): Resource[] {
  return state.deployment.resources ?? [];
}

/** Resources of a type, without those pending deletion. */
export function currentOf(state: State, type: string): Resource[] {
  return resourcesOf(state).filter((one) => one.type === type && !one.delete);
}

/**
 * The commands that start containers and services, by the id of what they start: their triggers are the id, and the limit of processes or
 * the number of containers.
 */
export function gatesOf(state: State): Map<string, Resource> {
  const gates = new Map<string, Resource>();
  for (const command of currentOf(state, TYPES.command)) {
    const triggers = command.inputs?.["triggers"];
    if (Array.isArray(triggers) && triggers.length === 2 && !gates.has(triggers[0])) gates.set(triggers[0], command);
  }
  return gates;
}

/** The number of containers of a service, by its gate. */
export function replicasOf({ inputs }: Resource): number {
  const triggers = inputs?.["triggers"];
  return Array.isArray(triggers) ? Number(triggers[1]) : 0;
}

/** The outputs of the first resource of a type; empty if there is no such resource. */
export function outputsOf(state: State, type: string): Record<string, unknown> {
  return currentOf(state, type)[0]?.outputs ?? {};
}

/** The name of a resource in the program: the last part of its URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/**
 * The ssh command line up to the remote command, quoted for a shell; empty for this machine's Docker engine,
 * undefined if the state has no server. Of several servers, it is that of the one with the data.
 */
export function sshPrefixOf(state: State): string | undefined {
  const servers = serversOf(state);
  return (servers.find(({ name }) => name === "") ?? servers[0])?.sshPrefix;
}

/** Tells on which server a Docker resource is: its name; empty for an only server, and for the one with the data. */
export function serverIn(state: State): (resource: Resource) => string {
  // An only server may have any name in the program.
  const areSeveral = serversOf(state).length > 1;
  return ({ provider = "" }) =>
    (areSeveral ? /\$pulumi:providers:docker::server-(.*?)::/.exec(provider)?.[1] : undefined) ?? "";
}

/** The servers of a stack. The name of an only server, and of the one with the data, is empty. */
export function serversOf(state: State): { name: string; sshPrefix: string }[] {
  return currentOf(state, TYPES.server).flatMap(({ urn, outputs }) => {
    const { reach } = outputs ?? {};
    const name = nameOf(urn).replace(/^server-?/, "");
    return typeof reach === "string" ? [{ name, sshPrefix: reach }] : [];
  });
}

/** The servers of a stack but the only one, or the one with the data. */
export function otherServersOf(state: State): { name: string; sshPrefix: string }[] {
  const home = sshPrefixOf(state);
  return serversOf(state).filter(({ sshPrefix }) => sshPrefix !== home);
}
