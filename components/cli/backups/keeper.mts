import { attached } from "../../remote/run.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";

/** Has the container that takes a stack's backups do something, and shows what it says. Gives its exit code. */
export async function askKeeper(stack: Stack, words: string[]): Promise<number> {
  const { place } = await deployedStack(stack);
  return attached(place, "backups.sh", { words, input: "" });
}
