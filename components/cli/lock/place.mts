import type { Place } from "../../remote/place.mts";
import { placeOfLog } from "../audit/place.mts";
import { sharedPrefix } from "../doctor/observe/server.mts";
import { readSettings } from "../doctor/settings.mts";
import { placeOf } from "../project/place.mts";
import type { Stack } from "../project/stack.mts";

/**
 * The server of a stack, by its settings, which are read faster than its state; undefined for this machine's engine, whose deployments all
 * run here.
 */
export async function placeOfLock(stack: Stack): Promise<Place | undefined> {
  const sshPrefix = sharedPrefix(readSettings(stack));
  const place = sshPrefix === undefined ? await placeOfLog(stack) : placeOf(stack, sshPrefix);
  return place.sshPrefix === "" ? undefined : place;
}
