import { runInteractively } from "../../remote/run.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";

/** Runs a command of the stack's backup container, shows its output and returns its exit code. */
export async function runInBackupContainer(stack: Stack, words: string[]): Promise<number> {
  const { place } = await deployedStack(stack);
  return runInteractively(place, "backups.sh", { words, input: "" });
}
