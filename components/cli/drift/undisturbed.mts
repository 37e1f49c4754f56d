import type { Stack } from "../project/stack.mts";
import { readState } from "../state/state.mts";
import { compare } from "./compare.mts";
import { type Deployed, deployedFrom } from "./deployed.mts";
import { fingerprintOf, look, type View, viewOf } from "./look.mts";
import { observedFrom } from "./observed.mts";

/** What is deployed as a stack. @throws Problem when there is no such stack. */
export async function deployed(stack: Stack): Promise<Deployed> {
  return deployedFrom(await readState(stack, { secrets: true }));
}

/** How to look at what is deployed; undefined where nothing is known of its server. */
export function viewFor({ project, name }: Stack, now: Deployed): View | undefined {
  return now.reach === undefined
    ? undefined
    : viewOf(now, { sshPrefix: now.reach, project: project.name, stack: name });
}

/** A look at a stack that is as it was deployed, and its fingerprint; undefined where something differs. @throws Problem when it cannot be told. */
export async function undisturbed(stack: Stack, now: Deployed): Promise<{ view: View; seen: string } | undefined> {
  const view = viewFor(stack, now);
  if (!view) return undefined;
  const seen = await look(view);
  return compare(now, observedFrom(seen)).length === 0 ? { view, seen: fingerprintOf(seen) } : undefined;
}
