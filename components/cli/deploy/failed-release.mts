import { type Resource, resourcesOf, type State, serverIn } from "../../model/state.ts";
import { PROVIDER, TYPES } from "../../model/types.ts";

/** A stack without its failed release. */
export interface RevertedRelease {
  /** The state without the failed release. Single-instance containers that it replaced stay replaced, e.g. a database. */
  state: State;
  /** The containers the failed release created, in the order in which to stop them. */
  created: CreatedContainer[];
  /** Ids of the containers it was going to replace. */
  replaced: string[];
}

interface CreatedContainer {
  id: string;
  /** Stop timeout in seconds. */
  grace: number;
}

/**
 * Removes a failed release from a state. Pulumi deletes replaced resources at the end of a release only, so after a failure
 * the state has both: this drops the new ones and restores the replaced ones.
 * Undefined if the release was not replacing any container.
 */
export function revertedRelease(state: State): RevertedRelease | undefined {
  const resources = resourcesOf(state);
  const replaced = resources.filter((one) => one.delete);
  const urns = new Set(replaced.map(({ urn }) => urn));
  const created = resources.filter((one) => !one.delete && urns.has(one.urn));
  // What it created on other servers, and in their Swarm, the next release replaces or removes.
  const serverOf = serverIn(state);
  if (created.some((one) => one.type === TYPES.service || serverOf(one) !== "")) return undefined;
  // Resources that depend on a new provider cannot stay without it.
  if (!created.some(isContainer) || created.some(({ type }) => type.startsWith(PROVIDER))) return undefined;
  const remaining = resources.filter((one) => !created.includes(one)).map(({ delete: _, ...one }) => one);
  return {
    state: { ...state, deployment: { ...state.deployment, resources: sortByDependencies(remaining) } },
    created: created
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

/** Sorts resources so that each comes after its dependencies, as a state requires; otherwise keeps their order. */
function sortByDependencies(resources: Resource[]): Resource[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const sorted = new Set<Resource>();
  const visit = (one: Resource) => {
    if (sorted.has(one)) return;
    for (const urn of dependenciesOf(one)) {
      const dependency = byUrn.get(urn);
      if (dependency && dependency !== one) visit(dependency);
    }
    sorted.add(one);
  };
  resources.forEach(visit);
  return [...sorted];
}

function dependenciesOf({ parent, provider, dependencies, propertyDependencies, deletedWith }: Resource): string[] {
  const ofProperties = Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  // A provider is named by its URN and id.
  const ofProvider = provider?.slice(0, provider.lastIndexOf("::"));
  return [parent, ofProvider, deletedWith, ...(dependencies ?? []), ...ofProperties].filter((urn) => urn !== undefined);
}
