import type { State } from "../../model/state.ts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";
import { readState } from "../state/state.mts";
import { compare } from "./compare.mts";
import { type Deployed, deployedFrom } from "./deployed.mts";
import { fingerprintOf, look, type View, viewOf } from "./look.mts";
import { observedFrom } from "./observed.mts";

/** The deployed objects of a stack, from its state with secrets if the caller has read it. @throws Problem if there is no such stack. */
export async function deployed(stack: Stack, state?: State): Promise<Deployed> {
  return deployedFrom(state ?? (await readState(stack, { secrets: true })));
}

/** How to query a stack; undefined if its state has no server. */
export function viewFor(stack: Stack, now: Deployed): View | undefined {
  return now.sshPrefix === undefined ? undefined : viewOf(now, placeOf(stack, now.sshPrefix));
}

/** Queries a stack and fingerprints the answer; undefined if there is drift. @throws Problem if the engine cannot be queried. */
export async function undisturbed(stack: Stack, now: Deployed): Promise<{ view: View; seen: string } | undefined> {
  const view = viewFor(stack, now);
  if (!view) return undefined;
  const seen = await look(view);
  return compare(now, observedFrom(seen)).length === 0 ? { view, seen: fingerprintOf(seen) } : undefined;
}
