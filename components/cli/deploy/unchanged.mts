import { heldLocks } from "../lock/lock.mts";
import type { Stack } from "../project/stack.mts";
import { type DeployCache, readCache, serverIsUnchanged, writeCache } from "./deploy-cache.mts";

/** Changes since the last `up`: none, in sources or settings only, or unknown so that drift has to be checked. */
export type ChangesSinceLastUp = { kind: "unchanged"; report: string } | { kind: "edited" } | { kind: "unknown" };

/** Compares sources, settings, state and server with the last `up`, without starting Pulumi. */
export async function changesSinceLastUp(stack: Stack, sources: string): Promise<ChangesSinceLastUp> {
  try {
    const before = readCache(stack);
    if (!before || heldLocks(stack).length > 0) return { kind: "unknown" };
    if (before.sources !== sources) return { kind: (await serverIsUnchanged(before)) ? "edited" : "unknown" };
    return (await isUndisturbed(stack, before)) ? { kind: "unchanged", report: before.report } : { kind: "unknown" };
  } catch {
    return { kind: "unknown" };
  }
}

/** Reads the state only if the server looks different. After a reboot, addresses differ without drift. */
async function isUndisturbed(stack: Stack, before: DeployCache): Promise<boolean> {
  if (await serverIsUnchanged(before)) return true;
  const { deployed, undisturbed } = await import("../drift/undisturbed.mts");
  const look = await undisturbed(stack, await deployed(stack));
  if (look) writeCache(stack, { ...before, look });
  return look !== undefined;
}
