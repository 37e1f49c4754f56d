// Prevents two deployments of a stack at the same time. With another backend than files, Pulumi handles the locks.
import { rmSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../../model/problem.ts";
import type { Stack } from "../project/stack.mts";
import { readState, writeState } from "../state/state.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { hint } from "../terminal/hint.mts";
import { type DeployRun, startedBy } from "./deploy-run.mts";
import { described, type HolderStatus, holderStatusOf, type Lock, locksIn } from "./held-locks.mts";
import { attributesFile, lockFolder } from "./lock-files.mts";
import { programOf } from "./processes.mts";

const machine = { hostname: hostname(), program: programOf };

export interface Held {
  lock: Lock;
  holderStatus: HolderStatus;
}

/**
 * The locks of a stack, normally none or one. Those of processes that the run `killed` started on another machine are of ended ones: the
 * server says that it was killed.
 */
export function heldLocks(stack: Stack, killed?: DeployRun): Held[] {
  return locksIn(lockFolder(stack) ?? "").map((lock) => {
    const holderStatus = holderStatusOf(lock, machine);
    const ended = holderStatus === "elsewhere" && startedBy(killed, lock.holder);
    return { lock, holderStatus: ended ? "ended" : holderStatus };
  });
}

export interface Patience {
  /** Time until which to wait for another deployment, in milliseconds since 1970. Default: it does not wait. */
  deadline?: number;
  /** The run that held the lock on the server and was killed. */
  killed?: DeployRun | undefined;
}

/** Removes the lock of a deployment that was killed. @throws Problem while another deployment holds the lock. */
export async function respectLocks(stack: Stack, { deadline = 0, killed }: Patience = {}): Promise<void> {
  const locks = await endedLocks(stack, deadline, killed);
  const stale = locks.filter(({ lock }) => removeLock(stack, lock));
  for (const { lock } of stale) reportRemoved(stack, `${described(lock, new Date())}, which has ended`);
  if (stale.length > 0) await removePendingOperations(stack);
}

/** Says that the lock of a killed deployment was removed. */
export function reportRemoved({ name }: Stack, killed: string): void {
  console.log(
    `The last deployment of the stack ${name} was killed: ${killed}.\nBerth removed its lock. This deployment completes the interrupted one.`,
  );
}

/** Waits while a deployment of this machine runs. @throws Problem after the deadline. */
export async function awaitLocalLocks(stack: Stack, deadline: number): Promise<void> {
  await awaitLocks(stack, deadline, () => heldLocks(stack).filter(({ holderStatus }) => holderStatus === "running"));
}

/** Waits until only locks of ended processes are left, and returns them. @throws Problem after the deadline. */
async function endedLocks(stack: Stack, deadline: number, killed: DeployRun | undefined): Promise<Held[]> {
  await awaitLocks(stack, deadline, () =>
    heldLocks(stack, killed).filter(({ holderStatus }) => holderStatus !== "ended"),
  );
  return heldLocks(stack, killed);
}

async function awaitLocks(stack: Stack, deadline: number, activeLocks: () => Held[]): Promise<void> {
  for (let announced = false; ; announced = true) {
    const active = activeLocks();
    if (active.length === 0) return;
    const refusals = active.map((one) => refusal(stack, one)).join("\n");
    if (Date.now() >= deadline) throw new Problem(refusals, EXIT.locked);
    if (!announced)
      console.error(`${active.map(({ lock }) => described(lock, new Date())).join(" and ")}: waiting for it …`);
    await pause(Math.min(AGAIN_MS, deadline - Date.now()));
  }
}

const AGAIN_MS = 2_000;

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

/**
 * Deletes this lock only: `pulumi cancel` deletes all locks, including one acquired in the meantime.
 * Returns false if the lock file no longer exists.
 */
export function removeLock(stack: Stack, { file }: Lock): boolean {
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
