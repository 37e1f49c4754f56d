import { type State, sshPrefixOf } from "../../model/state.ts";
import type { Place } from "../../remote/place.mts";
import { sharedPrefix } from "../doctor/observe/server.mts";
import { readSettings } from "../doctor/settings.mts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";

/**
 * The machines with anything of a stack: its server, and this one if it builds the images for a registry. The server is the one in its
 * state, or if no deployment came that far, the one in its settings.
 */
export function placesOf(stack: Stack, state: State | undefined): Place[] {
  // The file of the stack itself may not exist here.
  const settings = readSettings({ ...stack, name: "preview" });
  const server = (state && sshPrefixOf(state)) ?? sharedPrefix(settings) ?? "";
  const buildsHere = settings.values["registryAddress"] !== undefined && settings.values["registryAddress"] !== "";
  return [server, ...(buildsHere && server !== "" ? [""] : [])].map((prefix) => placeOf(stack, prefix));
}
