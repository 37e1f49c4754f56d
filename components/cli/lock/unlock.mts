import { Problem } from "../../model/problem.ts";
import { audit } from "../audit/audit.mts";
import { pulumi } from "../engine/pulumi.mts";
import type { Stack } from "../project/stack.mts";
import { consent } from "../terminal/ask.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { hint } from "../terminal/hint.mts";
import { type DeployRun, describedRun } from "./deploy-run.mts";
import { described } from "./held-locks.mts";
import { type Held, heldLocks, refusal, removeLock } from "./lock.mts";
import { lockFolder } from "./lock-files.mts";
import { placeOfLock } from "./place.mts";
import { askForLock } from "./server-lock.mts";

/** What the server says, and a sentence about it. */
interface Checked {
  killed: DeployRun | undefined;
  said: string;
}

/** Removes locks of ended processes, and other locks of other machines after consent. @throws Problem while the holder runs. */
export async function unlock(stack: Stack, yes: boolean): Promise<void> {
  const [running] = heldLocks(stack).filter(({ holderStatus }) => holderStatus === "running");
  if (running) throw new Problem(refusal(stack, running), EXIT.locked);
  const checked = await checkServer(stack);
  if (lockFolder(stack) === undefined) return cancel(stack, yes, checked);
  const locks = heldLocks(stack, checked.killed);
  if (locks.length === 0) console.log(`The stack ${stack.name} is not locked.`);
  for (const one of locks) await unlockOne(stack, one, yes, checked);
}

async function unlockOne(stack: Stack, one: Held, yes: boolean, { said }: Checked): Promise<void> {
  const { name } = stack;
  console.log(
    `The stack ${name} is locked: ${described(one.lock, new Date())}${one.holderStatus === "ended" ? ENDED : MAY_RUN}\n${said}`.trim(),
  );
  if (one.holderStatus !== "ended") {
    await consent({ yes, question: "Remove the lock?", without: hint(name, "unlock", "--yes") });
  }
  removeLock(stack, one.lock);
  await auditUnlock(stack, described(one.lock, new Date()));
  console.log(`The lock is removed. To complete the interrupted deployment: ${hint(name, "up")}`);
}

const ENDED = ", which has ended.";
const MAY_RUN = ".\nIf that process still runs, two deployments at once would corrupt the state.";

/** With another backend than files, Pulumi removes all locks of a stack. */
async function cancel(stack: Stack, yes: boolean, { said }: Checked): Promise<void> {
  const { name, project } = stack;
  console.log(
    `The state is kept at ${project.backend}, where Pulumi removes all locks of the stack ${name}, whoever holds them.\n${said}`.trim(),
  );
  await consent({ yes, question: "Remove them?", without: hint(name, "unlock", "--yes") });
  await pulumi(["cancel", "--stack", name, "--yes"]);
  await auditUnlock(stack, `all locks at ${new URL(project.backend).protocol}`);
  console.log(`The locks are removed. To complete the interrupted deployment: ${hint(name, "up")}`);
}

/** @throws Problem while a deployment holds the lock on the server. */
async function checkServer(stack: Stack): Promise<Checked> {
  const place = await placeOfLock(stack).catch(() => undefined);
  if (!place) return { killed: undefined, said: "" };
  const answer = await askForLock(place).catch(() => undefined);
  if (answer?.kind === "held") {
    const who = answer.run ? describedRun(answer.run, new Date()) : "its connection is open";
    throw new Problem(`A deployment of the stack ${stack.name} is running: ${who}.\nNothing was changed.`, EXIT.locked);
  }
  if (answer?.kind !== "free") {
    return { killed: undefined, said: "Checked: the server does not say whether a deployment is connected to it." };
  }
  await answer.connection.leave();
  const { killed } = answer;
  const connected = "Checked: no deployment of npx berth is connected to the server.";
  const last = killed
    ? `The last one was killed or failed: ${describedRun(killed, new Date())}.`
    : "The last one ended by itself, so plain pulumi may hold the lock.";
  return { killed, said: `${connected} ${last}` };
}

/** A server that does not answer must not keep the stack locked. */
async function auditUnlock(stack: Stack, holder: string): Promise<void> {
  const place = await placeOfLock(stack).catch(() => undefined);
  if (place) await audit(place, "unlock", { holder });
}
