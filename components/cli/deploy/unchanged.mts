import { heldLocks } from "../lock/lock.mts";
import type { Stack } from "../project/stack.mts";
import { type DeployCache, readCache, serversAreUnchanged, writeCache } from "./deploy-cache.mts";

/** What has changed on this machine since the last `up`: nothing, sources or settings only, or unknown. */
export type ChangesSinceLastUp = { kind: "none" | "edited"; before: DeployCache } | { kind: "unknown" };

/** Compares sources, settings and state with those of the last `up`, without Pulumi and the server. */
export function changesSinceLastUp(stack: Stack, sources: string): ChangesSinceLastUp {
  const before = readCache(stack);
  if (!before || heldLocks(stack).length > 0) return { kind: "unknown" };
  return { kind: before.sources === sources ? "none" : "edited", before };
}

/** Whether the servers are as the last `up` left it. Reads the state only if it looks different: after a reboot, addresses differ without drift. */
export async function isUndisturbed(stack: Stack, before: DeployCache): Promise<boolean> {
  try {
    if (await serversAreUnchanged(before)) return true;
    const { deployed, undisturbed } = await import("../drift/undisturbed.mts");
    const looks = await undisturbed(stack, await deployed(stack));
    if (looks) writeCache(stack, { ...before, looks });
    return looks !== undefined;
  } catch {
    return false;
  }
}
