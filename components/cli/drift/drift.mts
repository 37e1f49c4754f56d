import { Problem } from "../../model/problem.ts";
import type { State } from "../../model/state.ts";
import { onServer } from "../../remote/run.mts";
import { pulumi } from "../engine/pulumi.mts";
import { mergedSettings } from "../project/merged-settings.mts";
import type { Stack } from "../project/stack.mts";
import { compare } from "./compare.mts";
import type { Deployed } from "./deployed.mts";
import { type Actions, actionsOf, type Finding, type Removal } from "./findings.mts";
import { look, type View } from "./look.mts";
import { observedFrom } from "./observed.mts";
import { report } from "./report.mts";
import { deployed, viewFor } from "./undisturbed.mts";

/** Differences from the last deployment, on a server. */
interface Drift {
  view: View;
  findings: Finding[];
}

/**
 * Compares a stack with its last deployment; undefined if there is none.
 *
 * @param state with secrets. Default: read from the backend.
 * @throws Problem if a server cannot be queried.
 */
export async function driftOf(stack: Stack, state?: State): Promise<Finding[] | undefined> {
  return (await driftOnEach(stack, state))?.flatMap(({ findings }) => findings);
}

async function driftOnEach(stack: Stack, state?: State): Promise<Drift[] | undefined> {
  const drifts = await Promise.all((await deployed(stack, state)).map((now) => driftOn(stack, now)));
  return knownOf(drifts);
}

/** The same without other servers that do not answer, which it names: a release goes on without them. */
async function driftWhereAnswered(stack: Stack, state?: State): Promise<Drift[]> {
  const drifts = (await deployed(stack, state)).map((now) =>
    driftOn(stack, now).catch((error) => {
      if (now.server === "" || !(error instanceof Problem)) throw error;
      console.error(`${error.message}\nIts drift is not reverted.`);
      return undefined;
    }),
  );
  return knownOf(await Promise.all(drifts)) ?? [];
}

async function driftOn(stack: Stack, now: Deployed): Promise<Drift | undefined> {
  const view = viewFor(stack, now);
  return view && { view, findings: compare(now, observedFrom(await look(view))) };
}

function knownOf(drifts: (Drift | undefined)[]): Drift[] | undefined {
  const known = drifts.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : known;
}

/**
 * Marks in the state what the next `up` replaces, and removes objects that would conflict with it. Returns true if a container serves in
 * place of a missing one, so that it must be removed after the `up`.
 */
export async function revertDrift(stack: Stack, state?: State): Promise<boolean> {
  const drifts = await driftWhereAnswered(stack, state);
  const findings = drifts.flatMap((drift) => drift.findings);
  if (findings.length === 0) return false;
  const revertible = findings.filter(({ fix }) => !fix?.remove?.later);
  if (revertible.length > 0) console.log(`Reverting differences from the last deployment:\n${report(revertible)}\n`);
  const actions = actionsOf(findings);
  await Promise.all(drifts.map((drift) => remove(drift.view, actionsOf(drift.findings).now)));
  await mark(stack, actions);
  return actions.later.length > 0;
}

/** Removes objects that were not deployed, which would block the destruction of the stack. */
export async function removeNotDeployed(stack: Stack): Promise<void> {
  for (const { view, findings } of (await driftOnEach(stack)) ?? []) {
    const { now, later } = actionsOf(findings);
    await remove(view, [...now, ...later]);
  }
}

async function mark(stack: Stack, { replace, refresh }: Actions): Promise<void> {
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
