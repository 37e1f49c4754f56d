import { z } from "zod";
import { type Resource, resourcesOf, type State, serversOf } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";

/** The parts of a command's environment that say on which server it runs (host/run-script.ts, host/server.ts, host/cluster.ts). */
const Environment = z.object({ RUN: z.string(), UNDO: z.string(), SSH: z.string(), JOINING: z.string() }).partial();

/** The state without what stands on one of several servers, as if it had been removed in order. */
export function withoutServer(state: State, name: string): State {
  const reach = serversOf(state).find((one) => one.name === name)?.sshPrefix ?? "";
  const gone = new Set<string>();
  // A parent and a provider come before their resources.
  for (const one of resourcesOf(state)) {
    const provider = one.provider?.slice(0, one.provider.lastIndexOf("::")) ?? "";
    if (isServer(one, name) || runsOver(one, reach) || gone.has(provider) || gone.has(one.parent ?? "")) {
      gone.add(one.urn);
    }
  }
  const resources = resourcesOf(state).flatMap((one) => (gone.has(one.urn) ? [] : [withoutReferences(one, gone)]));
  return { ...state, deployment: { ...state.deployment, resources } };
}

function isServer({ type, urn }: Resource, name: string): boolean {
  return type === TYPES.server && urn.endsWith(`::server-${name}`);
}

function runsOver({ type, inputs }: Resource, reach: string): boolean {
  if (type !== TYPES.command || reach === "") return false;
  const { RUN = "", UNDO = "", SSH, JOINING } = Environment.safeParse(inputs?.["environment"]).data ?? {};
  if (JOINING !== undefined) return JSON.parse(JOINING).ssh === reach;
  // Some calls have further options behind the name of the program.
  const words = reach.replace(/^ssh /, "");
  return SSH === reach || RUN.includes(words) || UNDO.includes(words);
}

function withoutReferences(resource: Resource, gone: Set<string>): Resource {
  const kept = (urns: string[] | null | undefined) => (urns ?? []).filter((urn) => !gone.has(urn));
  const { deletedWith, ...rest } = resource;
  return {
    ...rest,
    ...(deletedWith !== undefined && !gone.has(deletedWith) && { deletedWith }),
    ...(rest.dependencies && { dependencies: kept(rest.dependencies) }),
    ...(rest.propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(rest.propertyDependencies).map(([property, urns]) => [property, kept(urns)]),
      ),
    }),
  };
}
