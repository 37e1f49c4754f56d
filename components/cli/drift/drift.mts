import { onServer } from "../../remote/run.mts";
import { pulumi } from "../engine/pulumi.mts";
import { mergedSettings } from "../project/merged-settings.mts";
import type { Stack } from "../project/stack.mts";
import { compare } from "./compare.mts";
import { type Finding, type Mending, mendingOf, type Removal } from "./findings.mts";
import { look, type View } from "./look.mts";
import { observedFrom } from "./observed.mts";
import { report } from "./report.mts";
import { deployed, viewFor } from "./undisturbed.mts";

/** What differs from what was deployed. */
export interface Drift {
  view: View;
  findings: Finding[];
}

/** Compares a stack with what was deployed; undefined where nothing of it is deployed. @throws Problem when it cannot be told. */
export async function driftOf(stack: Stack): Promise<Drift | undefined> {
  const now = await deployed(stack);
  const view = viewFor(stack, now);
  return view && { view, findings: compare(now, observedFrom(await look(view))) };
}

/**
 * Marks in the state what the next `up` replaces, and removes what is in its way. True where something serves in place of what is
 * missing, so that it is removed after the `up` only.
 */
export async function revertDrift(stack: Stack): Promise<boolean> {
  const drift = await driftOf(stack);
  if (!drift || drift.findings.length === 0) return false;
  const { view, findings } = drift;
  const inHand = findings.filter(({ cure }) => !cure?.remove?.later);
  if (inHand.length > 0) console.log(`Differs from what was deployed, and is reverted now:\n${report(inHand)}\n`);
  const mending = mendingOf(findings);
  await remove(view, mending.now);
  await mark(stack, mending);
  return mending.later.length > 0;
}

/** Removes only what was not deployed, so that it is not in the way when the stack is destroyed. */
export async function removeStrangers(stack: Stack): Promise<void> {
  const drift = await driftOf(stack);
  if (!drift) return;
  const { now, later } = mendingOf(drift.findings);
  await remove(drift.view, [...now, ...later]);
}

async function mark(stack: Stack, { replace, refresh }: Mending): Promise<void> {
  const of = ["--stack", stack.name];
  if (refresh.length > 0) {
    const targets = refresh.flatMap((urn) => ["--target", urn]);
    await pulumi(["refresh", "--yes", "--skip-preview", "--config-file", mergedSettings(stack), ...of, ...targets]);
  }
  if (replace.length > 0) await pulumi(["state", "taint", "--yes", ...of, ...replace]);
}

async function remove({ place }: View, removals: Removal[]): Promise<void> {
  const words = removals.map(({ kind, id, grace = 10 }) => `${kind}=${id}=${grace}`);
  if (words.length > 0) await onServer(place, "remove.sh", { words });
}
