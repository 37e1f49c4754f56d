import { heldLocks } from "../lock/lock.mts";
import type { Stack } from "../project/stack.mts";
import { type DeployCache, keepCache, looksTheSame, readCache } from "./deploy-cache.mts";

/** What the last `up` says of this one: nothing to do, only sources or settings changed, or the stack has to be looked at. */
export type Since = { kind: "unchanged"; said: string } | { kind: "edited" } | { kind: "unknown" };

/** Compares sources, settings, state and server with those of the last `up`, without the engine. */
export async function sinceLastUp(stack: Stack, sources: string): Promise<Since> {
  try {
    const before = readCache(stack);
    if (!before || heldLocks(stack).length > 0) return { kind: "unknown" };
    if (before.sources !== sources) return { kind: (await looksTheSame(before)) ? "edited" : "unknown" };
    return (await isUndisturbed(stack, before)) ? { kind: "unchanged", said: before.said } : { kind: "unknown" };
  } catch {
    return { kind: "unknown" };
  }
}

/** Where everything looks the same, the state need not be read. After a reboot, addresses differ although all may be well. */
async function isUndisturbed(stack: Stack, before: DeployCache): Promise<boolean> {
  if (await looksTheSame(before)) return true;
  const { deployed, undisturbed } = await import("../drift/undisturbed.mts");
  const look = await undisturbed(stack, await deployed(stack));
  if (look) keepCache(stack, { ...before, look });
  return look !== undefined;
}
