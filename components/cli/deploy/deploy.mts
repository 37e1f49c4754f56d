import { Problem } from "../../model/problem.ts";
import { revertDrift } from "../drift/drift.mts";
import type { Stack } from "../project/stack.mts";
import { cleanUp } from "./clean-up.mts";
import { pulumiUp, type Sources } from "./engine-calls.mts";

/** Deploys and reverts drift on the way. What a failed release left is removed at once. @throws Problem when the release fails. */
export async function deploy(stack: Stack, sources: Sources, { undisturbed = false } = {}): Promise<void> {
  const servesInPlace = undisturbed ? false : await reverted(stack);
  const status = await pulumiUp(stack, sources);
  if (status !== 0) {
    await cleanUp(stack);
    throw new Problem("", status);
  }
  // What served in place of something missing is removed in a second round.
  if (servesInPlace) await reverted(stack);
}

async function reverted(stack: Stack): Promise<boolean> {
  try {
    return await revertDrift(stack);
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}\nSo drift could not be looked for, and none is reverted.`,
    );
    return false;
  }
}
