import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withDeployLock } from "../../../../components/cli/lock/deploy-lock.mts";
import { describedRun, startedBy, thisRun } from "../../../../components/cli/lock/deploy-run.mts";
import { respectLocks } from "../../../../components/cli/lock/lock.mts";
import { askForLock, type Connection, retake } from "../../../../components/cli/lock/server-lock.mts";
import { holdersIn } from "../../../../components/cli/lock/shared-state.mts";
import { unlock } from "../../../../components/cli/lock/unlock.mts";
import { loginShellLine } from "../../../../components/model/shell";
import { writeFakeSsh, writeProgram } from "../../../support/fake-ssh";

const RUN = {
  by: "ada",
  host: "runner-7",
  since: "2026-11-27T18:00:00.000Z",
  url: "https://ci.example/runs/1",
  pids: [4711],
};

let folder: string;
let place: { sshPrefix: string; project: string; stack: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-lock-"));
  place = { sshPrefix: `${folder}/ssh -T host`, project: "shop", stack: "prod" };
  mkdirSync(join(folder, "lib/berth/shop-prod"), { recursive: true });
  writeFakeSsh(folder);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const remembered = () => join(folder, "lib/berth/shop-prod/deploy.json");

async function taken(run = RUN): Promise<Connection> {
  const answer = await askForLock(place);
  if (answer.kind !== "free") throw new Error(`the lock is ${answer.kind}`);
  answer.connection.hold(run);
  await vi.waitFor(() => expect(readFileSync(remembered(), "utf8")).toContain(run.host), 5000);
  return answer.connection;
}

describe("the lock on the server", () => {
  test("is held by one deployment at a time, and names it to others", async () => {
    const connection = await taken();
    expect(await askForLock(place)).toEqual({ kind: "held", run: RUN });
    await connection.end();
    const next = await askForLock(place);
    expect(next).toMatchObject({ kind: "free", killed: undefined });
    if (next.kind === "free") await next.connection.end();
  });

  test("is free as soon as the connection of a killed deployment closes, and remembers that deployment", async () => {
    const connection = await taken();
    await connection.leave();
    const next = await askForLock(place);
    expect(next).toMatchObject({ kind: "free", killed: RUN });
    // Until the next one holds it, also twice.
    if (next.kind === "free") await next.connection.leave();
    const again = await askForLock(place);
    expect(again).toMatchObject({ kind: "free", killed: RUN });
    if (again.kind === "free") await again.connection.end();
    expect(existsSync(remembered())).toBe(false);
  });

  test("is free when a machine without power sends no more lines", async () => {
    // A minute is too long for a test.
    writeProgram(folder, "timeout", 'shift; exec /usr/bin/timeout 0.3 "$@"');
    vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
    const connection = await taken();
    await connection.closed();
    const next = await askForLock(place);
    expect(next).toMatchObject({ kind: "free", killed: RUN });
    if (next.kind === "free") await next.connection.end();
  });

  test("is taken back after a broken connection, unless another deployment was faster", async () => {
    const stopped = new AbortController();
    const { connection } = await retake(place, stopped.signal);
    connection?.hold(RUN);
    await vi.waitFor(() => expect(existsSync(remembered())).toBe(true), 5000);
    expect(await retake(place, stopped.signal)).toEqual({ taken: RUN });
    await connection?.end();
  });

  test("is none on a server where the account can write nothing, and unknown on one that does not answer", async () => {
    rmSync(join(folder, "lib"), { recursive: true });
    writeFileSync(join(folder, "lib"), "");
    expect(await askForLock(place)).toEqual({ kind: "none" });
    writeProgram(folder, "ssh", "echo 'Connection refused' >&2; exit 255");
    await expect(askForLock(place)).rejects.toThrow("does not answer");
  });
});

describe("a deployment", () => {
  const stack = () => ({
    name: "prod",
    project: { name: "shop", folder, backend: `file://${folder}/state` },
  });
  const locks = () => join(folder, "state/.pulumi/locks/organization/shop/prod");

  beforeEach(() => {
    // The server is in the state, as the settings name none.
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "config: {}\n");
    const resources = [{ urn: "u", type: "berth:host:Server", outputs: { reach: place.sshPrefix } }];
    writeFileSync(join(folder, "state.json"), JSON.stringify({ version: 3, deployment: { resources } }));
    writeProgram(folder, "pulumi", `cat ${folder}/state.json`);
    vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
    mkdirSync(locks(), { recursive: true });
  });

  function leaveLock(holder: Partial<{ hostname: string; pid: number }> = {}): void {
    const content = { pid: 4711, username: "root", hostname: "runner-7", timestamp: "2026-11-27T18:00:01Z", ...holder };
    writeFileSync(join(locks(), "a.json"), JSON.stringify(content));
  }

  test("is told who deploys, where and since when, or waits for it", async () => {
    const connection = await taken();
    const work = vi.fn(async () => "done");
    await expect(withDeployLock(stack(), 0, work)).rejects.toThrow(
      /^Another deployment of the stack prod is running: ada on runner-7, since [\d-]+ [\d:]+ \(.* ago\), https:\/\/ci\.example\/runs\/1\.\nNothing was changed\..* --lock-wait 15m$/,
    );
    expect(work).not.toHaveBeenCalled();
    const waiting = withDeployLock(stack(), 30, work);
    setTimeout(() => void connection.end(), 500);
    expect(await waiting).toBe("done");
    expect(existsSync(remembered())).toBe(false);
  });

  test("removes the lock that a killed run of another machine left, as the server says that it was killed", async () => {
    await (await taken()).leave();
    leaveLock();
    await withDeployLock(stack(), 0, async ({ started }) => started(7));
    expect(existsSync(join(locks(), "a.json"))).toBe(false);
    expect(existsSync(remembered())).toBe(false);
  });

  test.each([{ pid: 4712 }, { hostname: "desk" }])("respects a lock of another process: %o", async (holder) => {
    await (await taken()).leave();
    leaveLock(holder);
    await expect(withDeployLock(stack(), 0, async () => undefined)).rejects.toThrow("The stack prod is locked: root@");
    expect(existsSync(join(locks(), "a.json"))).toBe(true);
    // The next one asks the server again.
    expect(readFileSync(remembered(), "utf8")).toContain("runner-7");
  });

  test("that fails is remembered with the processes that it started", async () => {
    const failing = withDeployLock(stack(), 0, async ({ started }) => {
      started(4713);
      throw new Error("failed");
    });
    await expect(failing).rejects.toThrow("failed");
    expect(JSON.parse(readFileSync(remembered(), "utf8")).pids).toEqual([4713]);
  });

  test("is not started while a person unlocks, who is told what was checked", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const connection = await taken();
    leaveLock();
    await expect(unlock(stack(), true)).rejects.toThrow("A deployment of the stack prod is running: ada on runner-7");
    await connection.leave();
    // Without a question, and so without --yes.
    await unlock(stack(), false);
    const said = log.mock.calls.join("\n");
    log.mockRestore();
    expect(said).toContain(
      "process 4711, which has ended.\nChecked: no deployment of npx berth is connected to the server.",
    );
    expect(said).toContain("The last one was killed or failed: ada on runner-7");
    expect(existsSync(join(locks(), "a.json"))).toBe(false);
  });

  test("that plain pulumi may run is unlocked after a question only", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    leaveLock();
    await expect(unlock(stack(), false)).rejects.toThrow("No terminal to ask at");
    expect(log.mock.calls.join()).toContain("The last one ended by itself, so plain pulumi may hold the lock.");
    log.mockRestore();
    expect(existsSync(join(locks(), "a.json"))).toBe(true);
    await respectLocks(stack(), { killed: RUN });
    expect(existsSync(join(locks(), "a.json"))).toBe(false);
  });
});

describe("a run", () => {
  test("names CI's person and address", () => {
    const github = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "acme/shop", GITHUB_RUN_ID: "12" };
    expect(thisRun({ ...github, GITHUB_ACTOR: "ada" })).toMatchObject({
      by: "ada",
      url: "https://github.com/acme/shop/actions/runs/12",
    });
    expect(thisRun({ CI_JOB_URL: "https://gitlab.example/jobs/1", GITLAB_USER_LOGIN: "ada" }).url).toBe(
      "https://gitlab.example/jobs/1",
    );
    expect(describedRun({ ...RUN, url: "" }, new Date("2026-11-27T18:05:00Z"))).toMatch(/\(5 min ago\)$/);
  });

  test("owns the locks of processes that it started, on its own machine", () => {
    const holder = { pid: 4711, username: "root", hostname: "runner-7", timestamp: "" };
    expect(startedBy(RUN, holder)).toBe(true);
    expect(startedBy(RUN, { ...holder, pid: 1 })).toBe(false);
    expect(startedBy(undefined, holder)).toBe(false);
    expect(startedBy(RUN, undefined)).toBe(false);
  });
});

test("the holders of locks are read from Pulumi's message", () => {
  const message = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  s3://bucket/.pulumi/locks/organization/shop/prod/a.json: created by a.b@corp@runner-7 (pid 4711) at 2026-11-27T18:00:00Z`;
  expect(holdersIn(message)).toEqual([
    { username: "a.b@corp", hostname: "runner-7", pid: 4711, timestamp: "2026-11-27T18:00:00Z" },
  ]);
  expect(holdersIn("error: no such bucket")).toEqual([]);
});

// The stub of ssh replaces paths in what this sends.
test("scripts reach the server as text", () =>
  expect(loginShellLine(["sh", "-c", "a'b /var/lib/berth"])).toContain("b /var/lib/berth"));
