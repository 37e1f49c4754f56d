#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Takes away what a failed release has left, so that nothing of it lingers, and says what may have been the cause where
// the engine does not: clean-up.mts <stack>.
// Whatever is in doubt stays: the next `up` then takes it away.
import { takenBack } from "./failed-release.mts";
import { isConnected, onServer } from "./server.mts";
import { reachOf, readState, writeState } from "./state.mts";

const [stack = ""] = process.argv.slice(2);
try {
  const state = await readState(stack);
  const reach = reachOf(state);
  const back = takenBack(state);
  if (reach !== undefined) {
    // A connection in use would still be kept.
    if (reach !== "" && !isConnected(reach)) {
      console.error("\nThe connection to the server broke while the release was under way. Deploy again.");
    }
    if (back) await takeAway(reach, back);
    process.stderr.write(await onServer(reach, stack, "little-room.sh"));
  }
} catch (error) {
  console.error(
    `What the failed release has left could not be taken away; the next release does it.\n${reason(error)}`,
  );
}

async function takeAway(reach: string, { state, made, replaced }: NonNullable<ReturnType<typeof takenBack>>) {
  const run = (script: string, words: string[]) => onServer(reach, stack, script, { words });
  // Once all that is new was well, the old is taken away: then there is no way back, and the next `up` goes on.
  const stands = await run("running.sh", replaced).then(
    () => true,
    () => false,
  );
  if (!stands) return;
  console.error("\nTaking away what the failed release has made. What that does just now comes to its end first.");
  await run(
    "stop.sh",
    made.flatMap(({ id, grace }) => [String(grace), id]),
  );
  await writeState(stack, state);
  await run(
    "remove-containers.sh",
    made.map(({ id }) => id),
  );
  console.error(
    `\nThe failed release is taken away again (${made.length} ${made.length === 1 ? "container" : "containers"}); what ran before runs on, unchanged.`,
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
