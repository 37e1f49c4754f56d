// Keeps two deployments of a stack apart. Locks in other places than files are left to Pulumi, which refuses in its own words.
import { rmSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";
import { Problem } from "../../model/problem.ts";
import type { Stack } from "../project/stack.mts";
import { readState, writeState } from "../state/state.mts";
import { consent } from "../terminal/ask.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { hint } from "../terminal/hint.mts";
import { described, type Lock, locksIn, type Standing, standingOf } from "./held-locks.mts";
import { attributesFile, lockFolder } from "./lock-files.mts";
import { programOf } from "./processes.mts";

const machine = { hostname: hostname(), program: programOf };

interface Held {
  lock: Lock;
  standing: Standing;
}

/** The locks of a stack, normally none or one. */
export function heldLocks(stack: Stack): Held[] {
  return locksIn(lockFolder(stack) ?? "").map((lock) => ({ lock, standing: standingOf(lock, machine) }));
}

/** Before a deployment: removes the lock that a killed one on this machine left. @throws Problem while another one holds the stack. */
export async function respectLocks(stack: Stack): Promise<void> {
  const locks = heldLocks(stack);
  const inTheWay = locks.filter(({ standing }) => standing !== "gone");
  if (inTheWay.length > 0) throw new Problem(inTheWay.map((one) => refusal(stack, one)).join("\n"), EXIT.locked);
  const left = locks.filter(({ lock }) => removeLock(stack, lock));
  for (const { lock } of left) {
    console.log(
      `The last deployment of the stack ${stack.name} was killed: ${described(lock, new Date())}, which has ended.\n` +
        "Its lock is removed; this deployment completes what it left.",
    );
  }
  if (left.length > 0) await forgetPending(stack);
}

/**
 * Pulumi would warn of pending operations for ever. What was made without its knowing is found by its labels, or made again under
 * the same name.
 */
async function forgetPending(stack: Stack): Promise<void> {
  const state = await readState(stack);
  if (!state.deployment.pending_operations?.length) return;
  await writeState(stack, { ...state, deployment: { ...state.deployment, pending_operations: [] } });
}

/** Why a lock is respected, and what to do. */
export function refusal({ name }: Stack, { lock, standing }: Held): string {
  const who = described(lock, new Date());
  if (standing === "alive") {
    return `Another deployment changes the stack ${name} at this moment: ${who}.
Nothing was changed. Try again when it has ended. If it hangs, end it first: kill ${lock.holder?.pid}`;
  }
  const look = lock.holder && `Look there: ps -p ${lock.holder.pid}. `;
  return `The stack ${name} is locked: ${who}.
Nothing was changed. Whether that process still runs cannot be seen from this machine (${machine.hostname}). ${look ?? ""}If it does not: ${hint(name, "unlock")}`;
}

/** Removes locks whose process has ended, and after consent those of other machines. @throws Problem while a lock's process runs. */
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
    if (one.standing === "alive") throw new Problem(refusal(stack, one), EXIT.locked);
    console.log(`The stack ${name} is locked: ${described(one.lock, new Date())}${ENDED[one.standing]}`);
    if (one.standing === "elsewhere") {
      await consent({ yes, question: "Remove the lock?", without: hint(name, "unlock", "--yes") });
    }
    removeLock(stack, one.lock);
    console.log(`The lock is removed. To complete what was under way: ${hint(name, "up")}`);
  }
}

const ENDED = {
  gone: ", which has ended.",
  elsewhere: ".\nIf that process still runs, two deployments at once would corrupt the state.",
};

/**
 * Deletes this one lock: `pulumi cancel` deletes all there are, one that was acquired just now too.
 * False when it was gone already, because its process ended in the meantime.
 */
function removeLock(stack: Stack, { file }: Lock): boolean {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  rmSync(`${file}.attrs`, { force: true });
  // A killed process may have left the attributes half-written, and then Pulumi cannot read the state. Nothing needs them.
  const attributes = attributesFile(stack);
  if (attributes) rmSync(attributes, { force: true });
  return true;
}
