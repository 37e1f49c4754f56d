import { Problem } from "../../model/problem.ts";
import { inContainer, wordsFor } from "../exec/exec.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { nameOfStack } from "./name.mts";

/** Runs the command that seeds a preview environment. @throws Problem if it fails; the next `up` repeats it. */
export async function seed(stack: Stack, [service = "", ...command]: string[]): Promise<void> {
  console.log(`Seeding: ${command.join(" ")}, in the service ${service}`);
  const { place } = await deployedStack(stack);
  const status = await inContainer(place, service, wordsFor(command), { terminal: false, input: "" });
  if (status === 0) return;
  const again = `npx berth preview-env up ${nameOfStack(stack.name)}`;
  throw new Problem(
    `The command that seeds the preview environment, preview.seed, ended with exit code ${status}. The site runs. To seed it again: ${again}`,
    status,
  );
}
