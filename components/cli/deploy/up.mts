import { withDeployLock } from "../lock/deploy-lock.mts";
import { readySettings } from "../project/merged-settings.mts";
import { requireSettingsFile, type Stack } from "../project/stack.mts";
import { deploy } from "./deploy.mts";
import { sourcesFingerprint } from "./deploy-cache.mts";
import { prepareOnTerminal } from "./prepare-on-terminal.mts";
import { report } from "./report.mts";
import { changesSinceLastUp } from "./unchanged.mts";

/** Deploys a stack, unless neither sources nor server changed. Creates the stack if there is none. `lockWait` is in seconds. */
export async function up(stack: Stack, { lockWait = 0 } = {}): Promise<void> {
  requireSettingsFile(stack);
  const sources = sourcesFingerprint(stack);
  const changes = await changesSinceLastUp(stack, sources);
  if (changes.kind === "unchanged") {
    console.log(`Nothing has changed, neither in the project nor on the server.\n${changes.report}`);
    return;
  }
  await prepareOnTerminal(stack);
  await withDeployLock(stack, lockWait, async ({ started }) => {
    // `changesSinceLastUp` has checked the drift of an edited stack.
    const undisturbed = changes.kind === "edited";
    await deploy(stack, { settings: await readySettings(stack), started }, { undisturbed });
  });
  await report(stack, sources);
}
