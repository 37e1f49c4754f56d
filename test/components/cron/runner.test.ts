import { existsSync, readdirSync } from "node:fs";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Job, type Runner } from "../../support/cron-runner";
import { eventually } from "../../support/eventually";

let job: Job;
beforeEach(() => {
  job = new Job();
});
afterEach(() => job.remove());

const now = () => Math.floor(Date.now() / 1000);
/** A run that prints its session, so that a test can end it. */
const shell = (script: string) => ["sh", "-c", `echo session $$; ${script}`];
const logged = (runner: Runner, text: string | RegExp) => eventually(15, async () => expect(runner.log).toMatch(text));
const status = async (runner: Runner) => JSON.parse((await runner.exec("status")).stdout);
const runsLeft = () => readdirSync(job.journal).filter((name) => name.startsWith("run-"));
/** The journal of a job that has run every minute until some minutes ago. */
const ranUntil = (minutesAgo: number) => {
  job.note("schedule", "* * * * * UTC");
  job.note("slot", String(now() - minutesAgo * 60));
};

describe("a run that is due", () => {
  test("starts within the minute, and its output and result are in the log", async () => {
    ranUntil(1);
    const runner = job.start(shell("echo 3 mails are overdue"), { schedule: "* * * * *" });
    await logged(runner, /A run begins \(scheduled\)[\s\S]*The run succeeded after \d+ s/);
    expect(runner.log).toContain("\n3 mails are overdue\n");
    expect((await runner.exec("healthy")).exitCode).toBe(0);
    expect(await status(runner)).toMatchObject({
      running: [],
      last: { code: 0, kind: "scheduled", ending: "succeeded" },
    });
    expect(runsLeft()).toEqual([]);
  });

  test("fails the health check when it fails, until a run succeeds", async () => {
    const runner = job.start(shell(`[ -e ${job.journal}/mended ] || exit 3`));
    await logged(runner, "Runs at");
    expect((await runner.exec("run")).exitCode).toBe(3);
    const { exitCode, stdout } = await runner.exec("healthy");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^The last run failed with exit code 3 \d s ago\./);
    job.note("mended", "");
    expect((await runner.exec("run")).exitCode).toBe(0);
    expect((await runner.exec("healthy")).exitCode).toBe(0);
  });

  test("is ended with all its processes when it takes longer than its timeout", async () => {
    const runner = job.start(shell(`sh -c 'sleep 300; echo too late >${job.journal}/late' & wait`), { timeout: 2 });
    await logged(runner, "Runs at");
    expect((await runner.exec("run")).exitCode).toBe(143);
    expect(await status(runner)).toMatchObject({ last: { ending: "timed-out" } });
    expect((await runner.exec("healthy")).stdout).toContain("was stopped, because it took longer than 2 s");
    const [, session = ""] = /session (\d+)/.exec(runner.log) ?? [];
    const { stdout } = await execa("ps", ["-A", "-o", "sid=,stat="]);
    // Zombies have ended, and wait for the first process of this machine.
    expect(stdout.split("\n").filter((line) => line.trim().startsWith(`${session} `) && !line.includes("Z"))).toEqual(
      [],
    );
  });
});

describe("a missed run", () => {
  test("is made up once, however many were missed", async () => {
    job.note("slot", String(now() - 5 * 3600));
    // Hourly, but not in the last two minutes, which would be on time.
    const minute = (new Date().getUTCMinutes() + 50) % 60;
    job.note("schedule", `${minute} * * * * UTC`);
    const runner = job.start(shell("true"), { schedule: `${minute} * * * *` });
    await logged(runner, "The run succeeded");
    expect(runner.log.match(/A run begins \(made-up\)/g)).toHaveLength(1);
    expect(Number(job.read("slot"))).toBeGreaterThan(now() - 3600);
  });

  test("is left out and noted if it is not to be made up", async () => {
    const minute = (new Date().getUTCMinutes() + 50) % 60;
    job.note("schedule", `${minute} * * * * UTC`);
    job.note("slot", String(now() - 5 * 3600));
    const runner = job.start(shell("true"), { schedule: `${minute} * * * *`, missed: "skip" });
    await logged(runner, /A run was missed \d+ min ago, and is not made up/);
    expect(runner.log).not.toContain("A run begins");
    expect((await status(runner)).missed).toBe(Number(job.read("slot")));
    expect((await runner.exec("healthy")).exitCode).toBe(0);
  });

  test("of another schedule is none: a changed schedule begins now", async () => {
    job.note("schedule", "0 3 * * * UTC");
    job.note("slot", String(now() - 20 * 86_400));
    const runner = job.start(shell("true"), { schedule: "0 0 * * *" });
    await logged(runner, /Runs at: 0 0 \* \* \* \(UTC\)/);
    expect(Number(job.read("slot"))).toBeGreaterThan(now() - 60);
    expect(runner.log).not.toContain("A run begins");
  });
});

describe("overlapping runs", () => {
  const long = shell("echo working; sleep 30");

  test("are forbidden: the later one is skipped, and a run by hand is refused", async () => {
    const runner = job.start(long);
    await logged(runner, "Runs at");
    const first = runner.exec("run");
    await logged(runner, "working");
    expect((await runner.exec("run")).exitCode).toBe(75);
    expect(runner.log).toMatch(/The run is skipped: a run \(manual\) since \d+ s/);
    expect((await status(runner)).running).toMatchObject([{ kind: "manual" }]);
    runner.kill();
    first.kill();
  });

  test("are replaced: the earlier one is ended, which is no failure", async () => {
    const runner = job.start(shell(`[ -e ${job.journal}/second ] || { echo working; sleep 30; }`), {
      overlap: "replace",
    });
    await logged(runner, "Runs at");
    const first = runner.exec("run");
    await logged(runner, "working");
    job.note("second", "");
    expect((await runner.exec("run")).exitCode).toBe(0);
    expect((await first).exitCode).not.toBe(0);
    expect(runner.log).toContain("The run was replaced by the next one");
    expect((await runner.exec("healthy")).exitCode).toBe(0);
    expect(runsLeft()).toEqual([]);
  });

  test("are allowed: both run", async () => {
    const runner = job.start(long, { overlap: "allow" });
    await logged(runner, "Runs at");
    const runs = [runner.exec("run"), runner.exec("run")];
    await eventually(15, async () => expect((await status(runner)).running).toHaveLength(2));
    runner.kill();
    for (const run of runs) run.kill();
  });
});

describe("over a release", () => {
  test("only one of two containers starts runs: the new one as soon as the old one is told to stop", async () => {
    ranUntil(1);
    const old = job.start(shell("echo old"), { schedule: "* * * * *" });
    await logged(old, "The run succeeded");
    const later = job.start(shell("echo new"), { schedule: "* * * * *" });
    await eventually(15, async () => expect((await later.exec("ready")).exitCode).toBe(0));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(later.log).toBe("");
    old.stop();
    await old.ended;
    expect(old.exitCode).toBe(0);
    await logged(later, "Runs at");
    expect(later.log).not.toContain("A run begins");
  });

  test("the old container completes its run, which the new one takes into account", async () => {
    const old = job.start(shell(`until [ -e ${job.journal}/go ]; do sleep 0.1; done; echo completed`));
    await logged(old, "Runs at");
    const run = old.exec("run");
    await logged(old, "session");
    old.stop();
    const later = job.start(shell("echo new"));
    await logged(later, "Runs at");
    expect((await old.exec("under-way")).stdout).toMatch(/^a run \(manual\) since \d+ s$/);
    expect((await later.exec("run")).exitCode).toBe(75);
    expect(old.exitCode).toBeNull();
    job.note("go", "");
    await old.ended;
    // The end of a container ends `docker exec` too, so it waits until that one has the exit code.
    expect(readdirSync(old.own).filter((name) => name.startsWith("answer-"))).toEqual([]);
    expect(old.log).toContain("completed");
    expect((await run).exitCode).toBe(0);
    expect((await later.exec("run")).exitCode).toBe(0);
  });

  test("a run in the old container is replaced from the new one", async () => {
    const old = job.start(shell("echo working; sleep 30"), { overlap: "replace" });
    await logged(old, "Runs at");
    const run = old.exec("run");
    await logged(old, "working");
    old.stop();
    const later = job.start(shell("echo new"), { overlap: "replace" });
    await logged(later, "Runs at");
    expect((await later.exec("run")).exitCode).toBe(0);
    await old.ended;
    expect((await run).exitCode).not.toBe(0);
    expect(old.log).toContain("was replaced by the next one");
  });
});

describe("a power failure", () => {
  test("during a run is reported after it, and the run is not repeated", async () => {
    ranUntil(1);
    const before = job.start(shell("echo working; sleep 30"), { schedule: "* * * * *" });
    await logged(before, "working");
    before.kill();
    await before.ended;
    const slot = job.read("slot");
    const after = job.start(shell("echo again"), { schedule: "* * * * *" });
    await logged(after, "A run was interrupted: its container or the server stopped.");
    await logged(after, "Runs at");
    expect((await after.exec("healthy")).stdout).toContain("was interrupted");
    expect(Number(slot)).toBeGreaterThan(now() - 120);
    expect(runsLeft()).toEqual([]);
  });
});

test("an image without the command does not become ready, and says what it lacks", async () => {
  const runner = job.start(["send-report"]);
  await runner.ended;
  expect(runner.exitCode).toBe(1);
  expect(runner.log).toBe("The image has no program send-report, which the scheduled job needs.\n");
  expect(existsSync(`${job.journal}/slot`)).toBe(false);
});
