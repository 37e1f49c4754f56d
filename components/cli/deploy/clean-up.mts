import { sshPrefixOf } from "../../model/state.ts";
import type { Place } from "../../remote/place.mts";
import { isConnected, onServer } from "../../remote/run.mts";
import type { Stack } from "../project/stack.mts";
import { readState, writeState } from "../state/state.mts";
import { type TakenBack, takenBack } from "./failed-release.mts";

/**
 * Removes what a failed release left, and names the likely cause where the engine does not: a broken connection, a full disk.
 * What is in doubt stays: the next `up` removes it.
 */
export async function cleanUp(stack: Stack): Promise<void> {
  try {
    const state = await readState(stack);
    const sshPrefix = sshPrefixOf(state);
    if (sshPrefix === undefined) return;
    const place = { sshPrefix, project: stack.project.name, stack: stack.name };
    // The shared connection stays open for a while after its last use, unless it breaks.
    if (sshPrefix !== "" && !(await isConnected(place))) {
      console.error("\nThe connection to the server broke during the release. Deploy again.");
    }
    const back = takenBack(state);
    if (back) await takeBack(stack, place, back);
    process.stderr.write(await onServer(place, "little-room.sh"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    console.error(`What the failed release left could not be removed; the next release removes it.\n${reason}`);
  }
}

async function takeBack(stack: Stack, place: Place, { state, made, replaced }: TakenBack): Promise<void> {
  // Once everything new was healthy, the old is removed: then there is no way back, and the next `up` goes on.
  if (!(await stillRun(place, replaced))) return;
  console.error("\nRemoving what the failed release made. Work in progress there is completed first.");
  await onServer(place, "stop.sh", { words: made.flatMap(({ id, grace }) => [String(grace), id]) });
  await writeState(stack, state);
  await onServer(place, "remove-containers.sh", { words: made.map(({ id }) => id) });
  const containers = `${made.length} ${made.length === 1 ? "container" : "containers"}`;
  console.error(`\nThe failed release is removed (${containers}); the version before it serves on, unchanged.`);
}

function stillRun(place: Place, containers: string[]): Promise<boolean> {
  return onServer(place, "running.sh", { words: containers }).then(
    () => true,
    () => false,
  );
}
