import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOCK_FILE } from "../../model/image-lock.ts";
import { withDeployLock } from "../lock/deploy-lock.mts";
import { readySettings } from "../project/merged-settings.mts";
import { requireSettingsFile, type Stack } from "../project/stack.mts";
import { deploy } from "./deploy.mts";
import { type DeployCache, readCache, serversAreUnchanged, sourcesFingerprint } from "./deploy-cache.mts";
import { increaseImagesVersion } from "./images-version.mts";
import { report } from "./report.mts";
import { changesSinceLastUp, isUndisturbed } from "./unchanged.mts";

/**
 * Deploys a stack, unless neither sources nor server changed. Creates the stack if there is none. Without the cache, builds all images
 * again and deploys them. `lockWait` is in seconds.
 */
export async function up(stack: Stack, { noCache = false, lockWait = 0 } = {}): Promise<void> {
  requireSettingsFile(stack);
  const sources = sourcesFingerprint(stack);
  const changes = changesSinceLastUp(stack, sources);
  if (changes.kind === "none" && !noCache && (await isUndisturbed(stack, changes.before))) {
    console.log(`Nothing has changed, neither in the project nor on the server.\n${changes.before.report}`);
    return;
  }
  // While the lock is taken, as both ask the server.
  const looked = changes.kind === "edited" ? looksUnchanged(changes.before) : false;
  await withDeployLock(stack, lockWait, async ({ started }) => {
    // Another deployment may have ended between the look and the lock.
    const undisturbed = (await looked) && readCache(stack) !== undefined;
    if (noCache) increaseImagesVersion(stack);
    const deployed = noCache ? sourcesFingerprint(stack) : sources;
    const before = lockText(stack);
    await deploy(stack, { settings: await readySettings(stack), noCache, started }, { undisturbed });
    // The deployment itself may have added base images to the lock.
    await report(stack, lockText(stack) === before ? deployed : sourcesFingerprint(stack));
  });
}

/** Whether an edited stack's server is as the last `up` left it. Otherwise, the deployment looks for drift. */
function looksUnchanged(before: DeployCache): Promise<boolean> {
  return serversAreUnchanged(before).catch(() => false);
}

function lockText({ project }: Stack): string {
  const file = join(project.folder, LOCK_FILE);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
