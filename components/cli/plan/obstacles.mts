import { nameChecks } from "../../remote/server/checks/names.mts";
import { portChecks } from "../../remote/server/checks/ports.mts";
import { observeServer } from "../doctor/observe/server.mts";
import { readSettings } from "../doctor/settings.mts";
import { targetOf } from "../doctor/target.mts";
import type { Stack } from "../project/stack.mts";

/**
 * Reasons for which the server would refuse a release of a site behind the front door, a sentence each: its names and ports, which other
 * stacks may have. Empty if the server cannot be reached, as a plan needs none.
 */
export async function obstaclesOf(stack: Stack): Promise<string[]> {
  const settings = readSettings(stack);
  if (settings.values["frontDoor"] !== "true") return [];
  const { server } = await observeServer(stack, settings, { images: [], interactive: false });
  if (!server) return [];
  const target = targetOf({ project: stack.project.name, stack: stack.name, settings });
  return [...portChecks(server, target), ...nameChecks(server, target)]
    .filter(({ status }) => status === "problem")
    .map(({ name, found, advice }) => `${name}: ${found}. ${advice}.`);
}
