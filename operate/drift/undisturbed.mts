import { pulumi } from "../server.mts";
import { compare } from "./compare.mts";
import { type Deployed, deployedFrom } from "./deployed.mts";
import { fingerprintOf, look, type View, viewOf } from "./look.mts";
import { observedFrom } from "./observed.mts";

/** What is deployed as a stack. @throws Problem when there is no such stack. */
export async function deployed(stack: string): Promise<Deployed> {
  return deployedFrom(await pulumi(stack, ["stack", "export", "--show-secrets"]));
}

/** A look at a stack that is as it was deployed, and its fingerprint; undefined where something differs. @throws Problem when it cannot be told. */
export async function undisturbed(stack: string, now: Deployed): Promise<{ view: View; seen: string } | undefined> {
  if (now.reach === undefined) return undefined;
  const view = viewOf(now, now.reach);
  const seen = await look(stack, view);
  return compare(now, observedFrom(seen)).length === 0 ? { view, seen: fingerprintOf(seen) } : undefined;
}
