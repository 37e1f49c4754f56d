import { Problem } from "../../model/problem.ts";
import { pulumi } from "../engine/pulumi.mts";
import type { Stack } from "../project/stack.mts";
import { readState, writeState } from "../state/state.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { hint } from "../terminal/hint.mts";
import { type DeployRun, describedRun, startedBy } from "./deploy-run.mts";
import { reportRemoved } from "./lock.mts";
import { lockFolder } from "./lock-files.mts";

/** A lock in the message with which Pulumi refuses to write a state: `…: created by ada@runner-7 (pid 4711) at 2026-11-27T18:00:00Z`. */
const LOCK = /created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** The holders of the locks that Pulumi's message names. */
export function holdersIn(message: string) {
  return [...message.matchAll(LOCK)].map(([, username = "", hostname = "", pid = "", timestamp = ""]) => ({
    username,
    hostname,
    pid: Number(pid),
    timestamp,
  }));
}

/**
 * Removes the lock and the pending operations that a killed run left in a state that is not in files. Pulumi names the locks only when it
 * refuses to write, and removes all of them or none. @throws Problem if another process than the killed run's holds one.
 */
export async function removeKilledRun(stack: Stack, killed: DeployRun): Promise<void> {
  if (lockFolder(stack) !== undefined) return;
  const state = await readState(stack).catch(() => undefined);
  if (!state) return;
  const clean = { ...state, deployment: { ...state.deployment, pending_operations: [] } };
  const refused = await writeState(stack, clean).then(
    () => undefined,
    (error: Error) => error,
  );
  if (!refused) return;
  const holders = holdersIn(refused.message);
  if (holders.length === 0) throw refused;
  const others = holders.filter((holder) => !startedBy(killed, holder));
  if (others.length > 0) {
    const who = others.map(
      ({ username, hostname, pid, timestamp }) => `${username}@${hostname}, since ${timestamp}, process ${pid}`,
    );
    throw new Problem(
      `The stack ${stack.name} is locked: ${who.join("; ")}.\nNothing was changed. If that process does not run: ${hint(stack.name, "unlock")}`,
      EXIT.locked,
    );
  }
  await pulumi(["cancel", "--stack", stack.name, "--yes"]);
  reportRemoved(stack, describedRun(killed, new Date()));
  await writeState(stack, clean);
}
