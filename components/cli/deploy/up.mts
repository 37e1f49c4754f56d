import { respectLocks } from "../lock/lock.mts";
import { readySettings } from "../project/merged-settings.mts";
import { requireSettingsFile, type Stack } from "../project/stack.mts";
import { deploy } from "./deploy.mts";
import { sourcesFingerprint } from "./deploy-cache.mts";
import { increaseImagesVersion } from "./images-version.mts";
import { report } from "./report.mts";
import { changesSinceLastUp } from "./unchanged.mts";

/**
 * Deploys a stack, unless neither sources nor server changed. Creates the stack if there is none. Without the cache, builds all images
 * again and deploys them.
 */
export async function up(stack: Stack, { noCache = false } = {}): Promise<void> {
  requireSettingsFile(stack);
  const sources = sourcesFingerprint(stack);
  const changes = await changesSinceLastUp(stack, sources);
  if (changes.kind === "unchanged" && !noCache) {
    console.log(`Nothing has changed, neither in the project nor on the server.\n${changes.report}`);
    return;
  }
  // `changesSinceLastUp` has checked locks and drift of an edited stack.
  const undisturbed = changes.kind !== "unknown";
  if (!undisturbed) await respectLocks(stack);
  if (noCache) increaseImagesVersion(stack);
  const deployed = noCache ? sourcesFingerprint(stack) : sources;
  await deploy(stack, { settings: await readySettings(stack), noCache }, { undisturbed });
  await report(stack, deployed);
}
