import { Problem } from "../../model/problem.ts";
import type { State } from "../../model/state.ts";
import { audit } from "../audit/audit.mts";
import { revertDrift } from "../drift/drift.mts";
import type { Stack } from "../project/stack.mts";
import { readState } from "../state/state.mts";
import { cleanUp } from "./clean-up.mts";
import { pulumiUp, type Sources } from "./engine-calls.mts";
import { prepareOnTerminal } from "./prepare-on-terminal.mts";
import { requireSameName } from "./renamed.mts";

/** Reverts drift and deploys. Removes the containers of a failed release. @throws Problem if the release fails, or if the stack was renamed. */
export async function deploy(stack: Stack, sources: Sources, { undisturbed = false } = {}): Promise<void> {
  const state = await readState(stack, { secrets: true });
  requireSameName(stack, state);
  await prepareOnTerminal(stack, state);
  const servesInPlace = undisturbed ? false : await tryRevertDrift(stack, state);
  const status = await pulumiUp(stack, sources);
  if (status !== 0) {
    const place = await cleanUp(stack);
    // A successful release is recorded by its last step, with plain Pulumi too.
    if (place) await audit(place, sources.folder === undefined ? "release" : "rollback", { result: "failed" });
    throw new Problem("", status);
  }
  // A second pass removes the containers that served in place of missing ones.
  if (servesInPlace) await tryRevertDrift(stack);
}

async function tryRevertDrift(stack: Stack, state?: State): Promise<boolean> {
  try {
    return await revertDrift(stack, state);
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}\nDrift could not be checked, so none is reverted.`,
    );
    return false;
  }
}
