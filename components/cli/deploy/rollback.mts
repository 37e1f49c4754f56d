import { withDeployLock } from "../lock/deploy-lock.mts";
import { mergedSettings } from "../project/merged-settings.mts";
import type { Stack } from "../project/stack.mts";
import { prepareRollback } from "../release/rollback.mts";
import { deployedStack } from "../state/state.mts";
import { deploy } from "./deploy.mts";
import { report } from "./report.mts";

/** Deploys sources and settings of an earlier release. @throws Problem if there is none, without consent, or if the release fails. */
export async function rollbackTo(
  stack: Stack,
  choice: { to: string | undefined; yes: boolean; lockWait?: number },
): Promise<void> {
  await withDeployLock(stack, choice.lockWait ?? 0, async ({ started }) => {
    const { place } = await deployedStack(stack);
    const folder = await prepareRollback(stack, place, mergedSettings(stack), choice);
    await deploy(stack, { folder, settings: `Pulumi.${stack.name}.yaml`, started });
  });
  await report(stack);
}
