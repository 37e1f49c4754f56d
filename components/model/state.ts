import { z } from "zod";
import { TYPES } from "./types.ts";

/** A resource of Pulumi's state, as far as Berth reads it. The rest passes through unchanged. */
const Resource = z.looseObject({
  urn: z.string().default(""),
  type: z.string(),
  id: z.string().optional(),
  /** Replaced, and to be deleted at the end of an update that is unfinished. */
  delete: z.boolean().optional(),
  /** The object outlives its resource. */
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

const State = z.looseObject({
  deployment: z
    .looseObject({
      resources: z.array(Resource).nullish(),
      pending_operations: z.array(z.unknown()).nullish(),
    })
    .default({}),
});
/** What `pulumi stack export` prints. Secrets in it are encrypted, unless it was asked to show them. */
export type State = z.infer<typeof State>;

/** @throws ZodError where the text is no state. */
export function parseState(exported: string): State {
  return State.parse(JSON.parse(exported));
}

/** All resources, those that wait to be deleted among them. */
export function resourcesOf(state: State): Resource[] {
  return state.deployment.resources ?? [];
}

/** Resources of a type, without those that wait to be deleted. */
export function currentOf(state: State, type: string): Resource[] {
  return resourcesOf(state).filter((one) => one.type === type && !one.delete);
}

/** The outputs of the first resource of a type; none where there is no such resource. */
export function outputsOf(state: State, type: string): Record<string, unknown> {
  return currentOf(state, type)[0]?.outputs ?? {};
}

/** The name that the program gives a resource: the last part of its URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/**
 * How the engine is reached: the ssh call up to the remote command, as one line for a shell; empty for this machine's engine,
 * undefined where the state knows no server.
 */
export function sshPrefixOf(state: State): string | undefined {
  const { reach: sshPrefix } = outputsOf(state, TYPES.server);
  return typeof sshPrefix === "string" ? sshPrefix : undefined;
}
