import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import type { Stack } from "../project/stack.mts";
import { EXIT } from "../terminal/exit-codes.mts";
import { type DeployRun, describedRun, thisRun } from "./deploy-run.mts";
import { awaitLocalLocks, respectLocks } from "./lock.mts";
import { placeOfLock } from "./place.mts";
import { askForLock, type Connection, type LockAnswer, retake } from "./server-lock.mts";
import { removeKilledRun } from "./shared-state.mts";

const AGAIN_MS = 5_000;

/** Runs a deployment while it holds the lock of the stack, on the server and in the state. Waits up to `wait` seconds for another one. */
export async function withDeployLock<Result>(
  stack: Stack,
  wait: number,
  work: (lock: DeployLock) => Promise<Result>,
): Promise<Result> {
  const deadline = Date.now() + wait * 1000;
  await awaitLocalLocks(stack, deadline);
  const place = await placeOfLock(stack).catch(() => undefined);
  const answer = place && (await lockOnServer(stack, place, deadline));
  const connection = answer?.kind === "free" ? answer.connection : undefined;
  const lock = new DeployLock(place, connection);
  let done = false;
  try {
    const killed = answer?.kind === "free" ? answer.killed : undefined;
    await respectLocks(stack, { deadline, killed });
    if (killed) await removeKilledRun(stack, killed);
    lock.hold();
    const result = await work(lock);
    done = true;
    return result;
  } finally {
    await lock.release(done);
  }
}

/** A server that does not answer yet has no deployment; Pulumi waits for it. @throws Problem after the deadline. */
async function lockOnServer(stack: Stack, place: Place, deadline: number): Promise<LockAnswer> {
  for (let announced = false; ; announced = true) {
    const answer = await askForLock(place).catch((): LockAnswer => ({ kind: "none" }));
    if (answer.kind !== "held") return answer;
    const who = answer.run ? describedRun(answer.run, new Date()) : "it has just begun";
    const running = `Another deployment of the stack ${stack.name} is running: ${who}.`;
    if (Date.now() >= deadline) {
      throw new Problem(
        `${running}\nNothing was changed. Try again when it has finished, or wait for it: --lock-wait 15m`,
        EXIT.locked,
      );
    }
    if (!announced) console.error(`${running} Waiting for it …`);
    await pause(Math.min(AGAIN_MS, Math.max(0, deadline - Date.now())));
  }
}

/** The lock of a deployment on its server. */
export class DeployLock {
  readonly #place: Place | undefined;
  readonly #run: DeployRun = thisRun();
  readonly #released = new AbortController();
  #connection: Connection | undefined;
  #held = false;

  constructor(place: Place | undefined, connection: Connection | undefined) {
    this.#place = place;
    this.#connection = connection;
  }

  /** Names this run as the holder, once nothing of a killed run is left. */
  hold(): void {
    this.#held = true;
    this.#connection?.hold(this.#run);
    void this.#watch();
  }

  /** Names a process of Pulumi, whose lock in the state then belongs to this run. */
  readonly started = (pid: number): void => {
    this.#run.pids.push(pid);
    this.#connection?.hold(this.#run);
  };

  /** The server remembers a run that failed, since Pulumi may have been killed and have left its own lock. */
  async release(done: boolean): Promise<void> {
    this.#released.abort();
    if (this.#held && done) await this.#connection?.end();
    else await this.#connection?.leave();
  }

  /** Takes the lock back if the connection breaks. Stops Pulumi if another deployment was faster. */
  async #watch(): Promise<void> {
    while (this.#connection && this.#place) {
      await this.#connection.closed();
      if (this.#released.signal.aborted) return;
      const { connection, taken } = await retake(this.#place, this.#released.signal);
      if (taken) this.#stop(taken);
      this.#connection = connection;
      connection?.hold(this.#run);
    }
  }

  #stop(other: DeployRun): void {
    console.error(
      `The connection to the server broke, and another deployment has begun: ${describedRun(other, new Date())}. Stopping this one.`,
    );
    const pid = this.#run.pids.at(-1);
    if (pid !== undefined) process.kill(pid, "SIGINT");
  }
}
