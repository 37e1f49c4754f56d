import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import { onServer, runInteractively } from "../../remote/run.mts";
import { audit } from "../audit/audit.mts";
import { withDeployLock } from "../lock/deploy-lock.mts";
import type { Stack } from "../project/stack.mts";
import { deployedStack } from "../state/state.mts";
import { consent } from "../terminal/ask.mts";
import { hint } from "../terminal/hint.mts";
import { localTime } from "../terminal/local-time.mts";
import { isoOf, parseMoment } from "../terminal/moment.mts";
import { consequenceOf, exchange } from "./restore.mts";

interface Moment {
  /** Time such as `2026-11-26 14:31`, or `latest`. */
  at: string;
  /** Time zone of `at`. */
  timeZone: string;
}

interface RestoreAt extends Moment {
  yes: boolean;
  safetyBackup: boolean;
  /** Seconds to wait for a deployment. */
  lockWait: number;
}

/**
 * Restores the databases as they were at a time, after consent: the backup container recovers them beside those in use, and the result is
 * restored like a backup. @throws Problem if the user does not consent, or if the recovery or the restore fails.
 */
export async function restoreAt(stack: Stack, wishes: RestoreAt): Promise<void> {
  await withDeployLock(stack, wishes.lockWait, () => restoreLocked(stack, wishes));
}

async function restoreLocked(stack: Stack, { at, timeZone, yes, safetyBackup }: RestoreAt): Promise<void> {
  const { state, place } = await deployedStack(stack);
  const found = await findTime(place, { at, timeZone });
  console.log(`This restores the databases of the stack ${stack.name} as they were at ${found.text} (${found.repository}).
What was written since then is removed. Files stay as they are.
${consequenceOf(safetyBackup)} Berth recovers that time while the stack runs. The stack is down while its data is replaced.`);
  const options = safetyBackup ? [] : ["--no-safety-backup"];
  const without = hint(stack.name, "restore", "--at", `${found.utc}Z`, ...options, "--yes");
  await consent({ yes, question: "Restore?", word: stack.name, without });
  console.error("Recovering that time from the base backup and the write-ahead log");
  const words = ["take-recovered", found.repository, found.utc];
  const id = (await onServer(place, "backups.sh", { words })).trim();
  console.error(`Recovered as the backup ${id}`);
  const recovered = { repository: "local", id, safetyBackup, adopt: found.repository === "offsite" };
  const status = await exchange(stack, { state, place }, recovered);
  await audit(place, "restore", { time: `${found.utc}Z`, backup: id, ...(status !== 0 && { result: "failed" }) });
  if (status !== 0) throw new Problem("", status);
}

/** Recovers a database beside the one in use, opens psql on it or runs SQL from standard input, and removes it. Returns the exit code. */
export async function previewAt(stack: Stack, { service, ...moment }: Moment & { service: string }): Promise<number> {
  const { place } = await deployedStack(stack);
  const { repository, utc, text } = await findTime(place, moment);
  console.error(`Recovering ${service} as it was at ${text} beside the database in use`);
  await audit(place, "preview-restore", { time: `${utc}Z`, service });
  return runInteractively(place, "backups.sh", { words: ["preview", repository, utc, service], terminal: true });
}

/** Finds the repository that can restore a time. @throws Problem if none can. */
async function findTime(place: Place, { at, timeZone }: Moment) {
  const wanted = at === "latest" ? at : isoOf(parseMoment(at, timeZone));
  const [repository = "", utc = ""] = (await onServer(place, "backups.sh", { words: ["find-time", wanted] }))
    .trim()
    .split(" ");
  const time = new Date(`${utc}Z`);
  return { repository, utc, text: `${localTime(time, timeZone)} ${timeZone} (${localTime(time, "UTC")} UTC)` };
}
