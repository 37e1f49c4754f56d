import type { State } from "../../model/state.ts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";
import { readState } from "../state/state.mts";
import { compare } from "./compare.mts";
import { type Deployed, deployedOnEach } from "./deployed.mts";
import { fingerprintOf, look, type View, viewOf } from "./look.mts";
import { observedFrom } from "./observed.mts";

/**
 * The deployed objects of a stack on each of its servers, from its state with secrets if the caller has read it.
 *
 * @throws Problem if there is no such stack.
 */
export async function deployed(stack: Stack, state?: State): Promise<[Deployed, ...Deployed[]]> {
  return deployedOnEach(state ?? (await readState(stack, { secrets: true })));
}

/** How to query a stack on a server; undefined if its state has none. */
export function viewFor(stack: Stack, now: Deployed): View | undefined {
  return now.sshPrefix === undefined ? undefined : viewOf(now, placeOf(stack, now.sshPrefix, now.server));
}

/** An observation of a stack on a server without drift: how it was queried, and a fingerprint of the answer. */
export interface Undisturbed {
  view: View;
  seen: string;
}

/** Queries a stack on all its servers; undefined if there is drift. @throws Problem if an engine cannot be queried. */
export async function undisturbed(stack: Stack, now: readonly Deployed[]): Promise<Undisturbed[] | undefined> {
  const looks = await Promise.all(now.map((one) => undisturbedOn(stack, one)));
  const found = looks.filter((one) => one !== undefined);
  return found.length === looks.length ? found : undefined;
}

async function undisturbedOn(stack: Stack, now: Deployed): Promise<Undisturbed | undefined> {
  const view = viewFor(stack, now);
  if (!view) return undefined;
  const seen = await look(view);
  return compare(now, observedFrom(seen)).length === 0 ? { view, seen: fingerprintOf(seen) } : undefined;
}
