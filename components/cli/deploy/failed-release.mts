import { type Resource, resourcesOf, type State } from "../../model/state.ts";
import { PROVIDER, TYPES } from "../../model/types.ts";

/** A failed release, taken back. */
export interface TakenBack {
  /** The state as it was before, but for what cannot be had back, e.g. a database that was restarted. */
  state: State;
  /** The containers it has made; the first to stop stands first. */
  made: Made[];
  /** The containers it was going to replace. */
  replaced: string[];
}

interface Made {
  id: string;
  /** Seconds it may take to stop. */
  grace: number;
}

/**
 * What a release that failed half-way has left: new resources beside the ones they were to replace, which Pulumi deletes
 * at the very end only. Without the new ones the old ones are again what the stack consists of.
 * Nothing, where no container was about to be replaced.
 */
export function takenBack(state: State): TakenBack | undefined {
  const resources = resourcesOf(state);
  const replaced = resources.filter((one) => one.delete);
  const urns = new Set(replaced.map(({ urn }) => urn));
  const made = resources.filter((one) => !one.delete && urns.has(one.urn));
  // Whatever hangs on a new provider would lose it.
  if (!made.some(isContainer) || made.some(({ type }) => type.startsWith(PROVIDER))) return undefined;
  const left = resources.filter((one) => !made.includes(one)).map(({ delete: _, ...one }) => one);
  return {
    state: { ...state, deployment: { ...state.deployment, resources: inOrder(left) } },
    made: made
      .filter(isContainer)
      .reverse()
      .map(({ id = "", inputs }) => ({ id, grace: graceOf(inputs) })),
    replaced: replaced.filter(isContainer).map(({ id = "" }) => id),
  };
}

function isContainer({ type }: Resource): boolean {
  return type === TYPES.container;
}

function graceOf(inputs: Resource["inputs"]): number {
  const seconds = inputs?.["destroyGraceSeconds"];
  return typeof seconds === "number" ? seconds : 10;
}

/** Each after all it depends on, as a state has to be; otherwise in the order they have. */
function inOrder(resources: Resource[]): Resource[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const sorted = new Set<Resource>();
  const visit = (one: Resource) => {
    if (sorted.has(one)) return;
    for (const urn of needs(one)) {
      const needed = byUrn.get(urn);
      if (needed && needed !== one) visit(needed);
    }
    sorted.add(one);
  };
  resources.forEach(visit);
  return [...sorted];
}

function needs({ parent, provider, dependencies, propertyDependencies, deletedWith }: Resource): string[] {
  const ofProperties = Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  // A provider is named by its URN and id.
  const ofProvider = provider?.slice(0, provider.lastIndexOf("::"));
  return [parent, ofProvider, deletedWith, ...(dependencies ?? []), ...ofProperties].filter((urn) => urn !== undefined);
}
