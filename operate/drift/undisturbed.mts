import { pulumi } from "../server.mts";
import { compare } from "./compare.mts";
import { deployedFrom } from "./deployed.mts";
import { look, type View, viewOf } from "./look.mts";
import { observedFrom } from "./observed.mts";

/** A look at a stack that is as it was deployed; undefined where something differs. @throws Problem when it cannot be told. */
export async function undisturbed(stack: string): Promise<{ view: View; seen: string } | undefined> {
  const deployed = deployedFrom(await pulumi(stack, ["stack", "export", "--show-secrets"]));
  if (deployed.reach === undefined) return undefined;
  const view = viewOf(deployed, deployed.reach);
  const seen = await look(stack, view);
  return compare(deployed, observedFrom(seen)).length === 0 ? { view, seen } : undefined;
}
