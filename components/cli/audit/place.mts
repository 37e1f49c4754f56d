import { sshPrefixOf } from "../../model/state.ts";
import type { Place } from "../../remote/place.mts";
import { sharedPrefix } from "../doctor/observe/server.mts";
import { readSettings } from "../doctor/settings.mts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";
import { findState } from "../state/state.mts";

/** The machine with the audit log of a stack: the one in its state, or for a stack that is down, the one in its settings. */
export async function placeOfLog(stack: Stack): Promise<Place> {
  const state = await findState(stack);
  const sshPrefix = (state && sshPrefixOf(state)) ?? sharedPrefix(readSettings(stack)) ?? "";
  return placeOf(stack, sshPrefix);
}
