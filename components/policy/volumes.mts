import { nameOf, type Resource } from "../model/state.ts";
import { TYPES } from "../model/types.ts";

/** Volumes of a stack: names in the program by names on the server. */
export type Volumes = Map<string, string>;

/** Names of the volumes that the program no longer uses. */
export function unusedVolumes(before: Volumes, after: ReadonlySet<string>): string[] {
  return [...before].filter(([onServer]) => !after.has(onServer)).map(([, name]) => name);
}

/** The volumes of the last deployment. */
export function volumesIn(deployed: Resource[]): Volumes {
  const volumes = deployed.filter(({ type }) => type === TYPES.volume);
  return new Map(volumes.map(({ urn, outputs }) => [String(outputs?.["name"] ?? ""), nameOf(urn)]));
}
