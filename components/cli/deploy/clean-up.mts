import { inspected, isAsExpected } from "../../model/inspected.ts";
import { sshPrefixOf } from "../../model/state.ts";
import type { Place } from "../../remote/place.mts";
import { isConnected, onServer } from "../../remote/run.mts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";
import { readState, writeState } from "../state/state.mts";
import { type RevertedRelease, revertedRelease } from "./failed-release.mts";

/**
 * Removes the containers of a failed release, and names a likely cause that Pulumi does not report: a broken connection,
 * a full disk. If the clean-up fails, the next `up` removes them. Returns the stack's machine, if a deployment came that far.
 */
export async function cleanUp(stack: Stack): Promise<Place | undefined> {
  let place: Place | undefined;
  try {
    const state = await readState(stack);
    const sshPrefix = sshPrefixOf(state);
    if (sshPrefix === undefined) return undefined;
    place = placeOf(stack, sshPrefix);
    // The shared connection stays open for a while after its last use, unless it breaks.
    if (sshPrefix !== "" && !(await isConnected(place))) {
      console.error("\nThe connection to the server broke during the release. Deploy again.");
    }
    const reverted = revertedRelease(state);
    if (reverted) await removeFailed(stack, place, reverted);
    process.stderr.write(await onServer(place, "little-room.sh"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    console.error(`Berth could not remove the failed release's containers; the next release removes them.\n${reason}`);
  }
  return place;
}

async function removeFailed(stack: Stack, place: Place, { state, created, replaced }: RevertedRelease): Promise<void> {
  // Once Pulumi has begun to delete the previous release, there is no way back: the next `up` completes the release.
  if (!(await areRunning(place, replaced))) return;
  console.error("\nRemoving the failed release's containers. They complete their work in progress first.");
  await onServer(place, "stop.sh", { words: created.flatMap(({ id, grace }) => [String(grace), id]) });
  await writeState(stack, state);
  await onServer(place, "remove-containers.sh", { words: created.map(({ id }) => id) });
  const containers = `${created.length} ${created.length === 1 ? "container" : "containers"}`;
  console.error(`\nThe failed release is removed (${containers}). The previous release still serves, unchanged.`);
}

/** Whether all these containers exist and are as expected. False if the server does not answer. */
async function areRunning(place: Place, ids: string[]): Promise<boolean> {
  const printed = await onServer(place, "inspect.sh", { words: ids }).catch(() => undefined);
  if (printed === undefined) return false;
  const containers = printed.split("\n").filter(Boolean).map(inspected.container);
  return ids.every((id) => containers.some((one) => one.Id === id && isAsExpected(one)));
}
