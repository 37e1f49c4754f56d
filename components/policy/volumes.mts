import { nameOf } from "../model/state.ts";
import { TYPES } from "../model/types.ts";
import type { Deployed } from "./state.mts";

/** The volumes a stack has, by their names on the server, with the names the program gave them. */
export type Volumes = Map<string, string>;

/** Those the stack had that no resource of the program names any more: what runs will not see their data. */
export function lost(before: Volumes, after: ReadonlySet<string>): string[] {
  return [...before].filter(([onServer]) => !after.has(onServer)).map(([, name]) => name);
}

/** Finds them among what was deployed last. */
export function volumesIn(deployed: Deployed[]): Volumes {
  const volumes = deployed.filter(({ type }) => type === TYPES.volume);
  return new Map(volumes.map(({ urn, outputs }) => [outputs?.name ?? "", nameOf(urn)]));
}
