// Prevents two deployments of a stack at the same time. With another backend than files, Pulumi handles the locks.
import { rmSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";
import { Problem } from "../../model/problem.ts";
import { audit } from "../audit/audit.mts";
import { placeOfLog } from "../audit/place.mts";
import type { Stack } from "../project/stack.mts";
import { readState, writeState } from "../state/state.mts";
import { consent } from "../terminal/ask.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { hint } from "../terminal/hint.mts";
import { described, type HolderStatus, holderStatusOf, type Lock, locksIn } from "./held-locks.mts";
import { attributesFile, lockFolder } from "./lock-files.mts";
import { programOf } from "./processes.mts";

const machine = { hostname: hostname(), program: programOf };

interface Held {
  lock: Lock;
  holderStatus: HolderStatus;
}

/** The locks of a stack, normally none or one. */
export function heldLocks(stack: Stack): Held[] {
  return locksIn(lockFolder(stack) ?? "").map((lock) => ({ lock, holderStatus: holderStatusOf(lock, machine) }));
}

/** Removes the lock of a deployment that was killed on this machine. @throws Problem while another deployment holds the lock. */
export async function respectLocks(stack: Stack): Promise<void> {
  const locks = heldLocks(stack);
  const active = locks.filter(({ holderStatus }) => holderStatus !== "ended");
  if (active.length > 0) throw new Problem(active.map((one) => refusal(stack, one)).join("\n"), EXIT.locked);
  const stale = locks.filter(({ lock }) => removeLock(stack, lock));
  for (const { lock } of stale) {
    console.log(
      `The last deployment of the stack ${stack.name} was killed: ${described(lock, new Date())}, which has ended.\n` +
        "Berth removed its lock. This deployment completes the interrupted one.",
    );
  }
  if (stale.length > 0) await removePendingOperations(stack);
}

/**
 * Removes pending operations from the state, about which Pulumi would warn at every deployment. Drift detection finds
 * containers and networks that are not in the state by their labels; other objects are created again under the same name.
 */
async function removePendingOperations(stack: Stack): Promise<void> {
  const state = await readState(stack);
  if (!state.deployment.pending_operations?.length) return;
  await writeState(stack, { ...state, deployment: { ...state.deployment, pending_operations: [] } });
}

/** The message for a lock that blocks a deployment, with the next step. */
export function refusal({ name }: Stack, { lock, holderStatus }: Held): string {
  const who = described(lock, new Date());
  if (holderStatus === "running") {
    return `Another deployment of the stack ${name} is running: ${who}.
Nothing was changed. Try again when it has finished. If it hangs, stop it first: kill ${lock.holder?.pid}`;
  }
  const check = lock.holder && `Check there: ps -p ${lock.holder.pid}. `;
  return `The stack ${name} is locked: ${who}.
Nothing was changed. This machine (${machine.hostname}) cannot check whether that process still runs. ${check ?? ""}If it does not: ${hint(name, "unlock")}`;
}

/** Removes stale locks, and locks of other machines after consent. @throws Problem while the process that holds a lock runs. */
export async function unlock(stack: Stack, yes: boolean): Promise<void> {
  const { project, name } = stack;
  if (lockFolder(stack) === undefined) {
    throw new Problem(
      `The state is kept at ${project.backend}, where Pulumi itself removes locks: pulumi cancel --stack ${name}`,
    );
  }
  const locks = heldLocks(stack);
  if (locks.length === 0) console.log(`The stack ${name} is not locked.`);
  for (const one of locks) {
    if (one.holderStatus === "running") throw new Problem(refusal(stack, one), EXIT.locked);
    console.log(`The stack ${name} is locked: ${described(one.lock, new Date())}${REMARK[one.holderStatus]}`);
    if (one.holderStatus === "elsewhere") {
      await consent({ yes, question: "Remove the lock?", without: hint(name, "unlock", "--yes") });
    }
    removeLock(stack, one.lock);
    await auditUnlock(stack, one);
    console.log(`The lock is removed. To complete the interrupted deployment: ${hint(name, "up")}`);
  }
}

/** A server that does not answer must not keep the stack locked. */
async function auditUnlock(stack: Stack, { lock }: Held): Promise<void> {
  const place = await placeOfLog(stack).catch(() => undefined);
  if (place) await audit(place, "unlock", { holder: described(lock, new Date()) });
}

const REMARK = {
  ended: ", which has ended.",
  elsewhere: ".\nIf that process still runs, two deployments at once would corrupt the state.",
};

/**
 * Deletes this lock only: `pulumi cancel` deletes all locks, including one acquired in the meantime.
 * Returns false if the lock file no longer exists.
 */
function removeLock(stack: Stack, { file }: Lock): boolean {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  rmSync(`${file}.attrs`, { force: true });
  // Pulumi cannot read the state if a killed process left the attributes incomplete. Pulumi does not need the file.
  const attributes = attributesFile(stack);
  if (attributes) rmSync(attributes, { force: true });
  return true;
}
