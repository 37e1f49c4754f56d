import { Problem } from "../../model/problem.ts";
import { audit } from "../audit/audit.mts";
import { revertDrift } from "../drift/drift.mts";
import type { Stack } from "../project/stack.mts";
import { cleanUp } from "./clean-up.mts";
import { pulumiUp, type Sources } from "./engine-calls.mts";
import { requireSameName } from "./renamed.mts";

/** Reverts drift and deploys. Removes the containers of a failed release. @throws Problem if the release fails, or if the stack was renamed. */
export async function deploy(stack: Stack, sources: Sources, { undisturbed = false } = {}): Promise<void> {
  await requireSameName(stack);
  const servesInPlace = undisturbed ? false : await tryRevertDrift(stack);
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

async function tryRevertDrift(stack: Stack): Promise<boolean> {
  try {
    return await revertDrift(stack);
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}\nDrift could not be checked, so none is reverted.`,
    );
    return false;
  }
}
