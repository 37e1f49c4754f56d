import { Problem } from "../../model/problem.ts";
import { currentOf, gatesOf, replicasOf, type State } from "../../model/state.ts";
import { TYPES } from "../../model/types.ts";
import type { Place } from "../../remote/place.mts";
import { onServer, runInteractively } from "../../remote/run.mts";
import { audit } from "../audit/audit.mts";
import { withDeployLock } from "../lock/deploy-lock.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { expectedBy } from "../status/look.mts";
import { consent } from "../terminal/ask.mts";
import { hint } from "../terminal/hint.mts";
import { localTime } from "../terminal/local-time.mts";

interface Restore {
  /** Id or tag of the backup. Default: the newest. */
  which: string | undefined;
  yes: boolean;
  /** Takes a backup of the current data first. */
  safetyBackup: boolean;
  /** Seconds to wait for a deployment. Default: 0. */
  lockWait?: number;
}

/**
 * Restores a backup into the running stack, after consent. The script on the server reports its progress.
 * @throws Problem if the user does not consent or the restore fails.
 */
export async function restore(stack: Stack, wishes: Restore): Promise<void> {
  await withDeployLock(stack, wishes.lockWait ?? 0, () => restoreLocked(stack, wishes));
}

async function restoreLocked(stack: Stack, { which = "latest", yes, safetyBackup }: Restore): Promise<void> {
  const { state, place } = await deployedStack(stack);
  const snapshot = await onServer(place, "backups.sh", { words: ["find", which] });
  const [repository = "", id = "", takenAt = ""] = snapshot.trim().split(" ");
  console.log(`This restores the stack ${stack.name} to the backup ${id.slice(0, 8)}, taken ${timeIn(takenAt)} (${repository}).
${consequenceOf(safetyBackup)} The stack is down during the restore.`);
  const words = [
    "restore",
    ...(which === "latest" ? [] : [which]),
    ...(safetyBackup ? [] : ["--no-safety-backup"]),
    "--yes",
  ];
  await consent({ yes, question: "Restore?", word: stack.name, without: hint(stack.name, ...words) });
  const status = await exchange(stack, { state, place }, { repository, id, safetyBackup, adopt: false });
  await audit(place, "restore", { backup: id.slice(0, 8), repository, ...(status !== 0 && { result: "failed" }) });
  if (status !== 0) throw new Problem("", status);
}

/** What a restore does with the current data, for the question before it. */
export function consequenceOf(safetyBackup: boolean): string {
  return safetyBackup ? "Berth backs up the current data first, then replaces it." : "The current data is lost.";
}

interface Exchange {
  /** Repository of the backup, `local` or `offsite`. */
  repository: string;
  id: string;
  safetyBackup: boolean;
  /** Continues the off-site backups of an earlier server afterwards, as after a restore of one of them. */
  adopt: boolean;
}

/** Restores a backup beside the data in use and exchanges both. The script reports its progress. Returns its exit code. */
export function exchange(
  stack: Stack,
  { state, place }: { state: State; place: Place },
  { repository, id, safetyBackup, adopt }: Exchange,
): Promise<number> {
  const words = [repository, id.slice(0, 8), safetyBackup ? "yes" : "no", expectedWords(stack, state)];
  return runInteractively(place, "restore.sh", { words: [...words, ...(adopt ? ["", "", "adopt"] : [])], input: "" });
}

/** What restore.sh starts again, after an interrupted restore too. */
export function expectedWords(stack: Stack, state: State): string {
  const gates = gatesOf(state);
  const services = currentOf(state, TYPES.service).flatMap(({ id = "" }) => {
    const gate = gates.get(id);
    return gate ? [`swarm/${id}/${replicasOf(gate)}`] : [];
  });
  return [...expectedBy(stack, state).containers, ...services].join(" ");
}

/** Local time; text that is no time stays. */
function timeIn(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : localTime(date);
}
