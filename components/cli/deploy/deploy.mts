import { Problem } from "../../model/problem.ts";
import type { ProgramImages } from "../../model/program-images.ts";
import type { State } from "../../model/state.ts";
import { audit } from "../audit/audit.mts";
import { deployedByTag, forDeployment, withProgramImages } from "../base-images/program-images.mts";
import { revertDrift } from "../drift/drift.mts";
import type { Stack } from "../project/stack.mts";
import { silentServers } from "../servers/answers.mts";
import { readState } from "../state/state.mts";
import { hint } from "../terminal/hint.mts";
import { cleanUp } from "./clean-up.mts";
import { pulumiUp, type Sources } from "./engine-calls.mts";
import { prepareOnTerminal } from "./prepare-on-terminal.mts";
import { requireSameName } from "./renamed.mts";

/** Reverts drift and deploys. Removes the containers of a failed release. @throws Problem if the release fails, or if the stack was renamed. */
export async function deploy(stack: Stack, sources: Sources, { undisturbed = false } = {}): Promise<void> {
  // Secrets are needed to look for drift.
  const state = await readState(stack, { secrets: !undisturbed });
  requireSameName(stack, state);
  await prepareOnTerminal(stack, state);
  const servesInPlace = undisturbed ? false : await tryRevertDrift(stack, state);
  const images = await imagesFor(stack, sources, state, undisturbed);
  const status = await withProgramImages(images, (variables) => pulumiUp(stack, sources, variables));
  if (status !== 0) {
    const place = await cleanUp(stack);
    await nameSilentServers(stack);
    // A successful release is recorded by its last step, with plain Pulumi too.
    if (place) await audit(place, sources.folder === undefined ? "release" : "rollback", { result: "failed" });
    throw new Problem("", status);
  }
  // A second pass removes the containers that served in place of missing ones.
  if (servesInPlace) await tryRevertDrift(stack);
}

/** A server that is lost makes each deployment fail. */
async function nameSilentServers(stack: Stack): Promise<void> {
  const silent = await readState(stack).then(silentServers, () => []);
  for (const name of silent) {
    const removed = hint(stack.name, "servers", "remove", name);
    console.error(
      `\nThe server ${name} does not answer. If it is lost for good, remove it from the setting servers, then: ${removed}`,
    );
  }
}

/** A rollback deploys with the lock of its release, which it does not change. */
async function imagesFor(
  stack: Stack,
  { folder }: Sources,
  before: State,
  undisturbed: boolean,
): Promise<ProgramImages> {
  // Reverted drift may have marked an image, which then is pulled again.
  const state = undisturbed || deployedByTag(before).length === 0 ? before : await readState(stack);
  return folder === undefined ? forDeployment(stack, state) : { byTag: deployedByTag(state) };
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
