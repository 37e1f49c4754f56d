#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Keeps two deployments of a stack apart: node lock.mts respect|unlock <stack> [yes].
//   respect  before a deployment: takes away what a killed one on this machine has left; refuses while somebody holds the stack.
//   unlock   takes a lock away that only another machine could judge, after asking, or at once with "yes".
// Exit codes: 0 the stack is free; 75 somebody holds it (sysexits.h: try again later); 1 anything else.
// Locks in other places than files are left to Pulumi, which refuses in its own words.
import { rmSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";
import { agreed, askable } from "./ask.mts";
import { attributesFile, described, type Lock, lockFolder, locksIn, type Standing, standingOf } from "./held-locks.mts";
import { programOf } from "./processes.mts";
import { projectName } from "./project.mts";
import { readState, writeState } from "./state.mts";

const HELD = 75;
const BACKEND = process.env.PULUMI_BACKEND_URL || "file://./.pulumi-state";
const machine = { hostname: hostname(), program: programOf };
const [action = "", stack = "", answer = ""] = process.argv.slice(2);
const folder = lockFolder(BACKEND, process.cwd(), projectName(), stack);
const attributes = attributesFile(BACKEND, process.cwd(), projectName(), stack);
const call = (target: string) => `make ${target}${stack === "dev" ? "" : ` STACK=${stack}`}`;

function held(): { lock: Lock; standing: Standing }[] {
  return locksIn(folder ?? "").map((lock) => ({ lock, standing: standingOf(lock, machine) }));
}

async function respect(): Promise<number> {
  const locks = held();
  const inTheWay = locks.filter(({ standing }) => standing !== "gone");
  for (const one of inTheWay) console.error(refusal(one));
  if (inTheWay.length > 0) return HELD;
  const left = locks.filter(({ lock }) => takeAway(lock));
  for (const { lock } of left) {
    console.log(
      `The last deployment of the stack ${stack} was killed: ${described(lock, new Date())}, which has gone.\n` +
        "Its lock is taken away; what was under way is put right now.",
    );
  }
  if (left.length > 0) await forgetPending();
  return 0;
}

/**
 * Pulumi would warn of what was under way for ever. Whatever was made without its knowing is found by its labels
 * (operate/drift, components/release), or made again under the same name.
 */
async function forgetPending(): Promise<void> {
  const state = await readState(stack);
  if (!state.deployment.pending_operations?.length) return;
  await writeState(stack, { ...state, deployment: { ...state.deployment, pending_operations: [] } });
}

function refusal({ lock, standing }: { lock: Lock; standing: Standing }): string {
  const who = described(lock, new Date());
  if (standing === "alive") {
    return `The stack ${stack} is being changed just now: ${who}.
Nothing was changed. Try again when that has ended. If it hangs, end it first: kill ${lock.holder?.pid}`;
  }
  const look = lock.holder && `See there: ps -p ${lock.holder.pid}. `;
  return `The stack ${stack} is locked: ${who}.
Nothing was changed. Whether that still runs cannot be seen from here (${machine.hostname}). ${look ?? ""}If it does not: ${call("unlock")}`;
}

async function unlock(): Promise<number> {
  if (folder === undefined) {
    console.error(
      `The state is kept at ${BACKEND}, where Pulumi itself takes locks away: pulumi cancel --stack ${stack}`,
    );
    return 1;
  }
  const locks = held();
  if (locks.length === 0) console.log(`The stack ${stack} is not locked.`);
  for (const one of locks) {
    if (one.standing === "alive") {
      console.error(refusal(one));
      return HELD;
    }
    console.log(`The stack ${stack} is locked: ${described(one.lock, new Date())}${known(one.standing)}`);
    if (one.standing === "elsewhere" && !(await mayTake())) return 1;
    takeAway(one.lock);
    console.log(`The lock is taken away. What was under way is put right by: ${call("up")}`);
  }
  return 0;
}

function known(standing: Standing): string {
  return standing === "gone"
    ? ", which has gone."
    : ".\nIf that still runs, two deployments at once would ruin the state.";
}

async function mayTake(): Promise<boolean> {
  if (answer === "yes") return true;
  if (!askable) {
    console.error(`The lock stays. To take it away without being asked: ${call("unlock")} YES=1`);
    return false;
  }
  return agreed("Take the lock away?");
}

/**
 * Deletes this one lock: `pulumi cancel` deletes all there are, one that was taken just now too.
 * False when it was gone already, because its process came to its end in the meantime.
 */
function takeAway({ file }: Lock): boolean {
  try {
    unlinkSync(file);
    rmSync(`${file}.attrs`, { force: true });
    // Its process may have left them half-written, and then the state is not read any more. Nothing is missed without them.
    if (attributes) rmSync(attributes, { force: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

switch (action) {
  case "respect":
    process.exitCode = folder === undefined ? 0 : await respect();
    break;
  case "unlock":
    process.exitCode = await unlock();
    break;
  default:
    console.error(`lock.mts knows respect and unlock, not ${action}.`);
    process.exitCode = 1;
}
