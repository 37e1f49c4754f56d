import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { removeKilledRun } from "../../../../components/cli/lock/shared-state.mts";
import { EXIT } from "../../../../components/cli/terminal/exit-codes.mts";

const KILLED = { by: "ada", host: "runner-7", since: "2026-11-27T18:00:00.000Z", url: "", pids: [4710, 4711] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-shared-"));
  const pending = [{ type: "creating" }];
  const state = { version: 3, deployment: { resources: [], pending_operations: pending } };
  writeFileSync(join(folder, "state.json"), JSON.stringify(state));
  // Refuses to write while there is a lock, with the message of Pulumi 3.276 for a bucket.
  writeFileSync(
    join(folder, "pulumi"),
    `#!/bin/sh
echo "$*" >>${folder}/calls
case "$*" in
  "stack export"*) cat ${folder}/state.json ;;
  "stack import"*) [ ! -e ${folder}/lock ] || { echo "error: could not import deployment: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \\\`pulumi cancel\\\`.
  s3://state/.pulumi/locks/organization/shop/prod/a.json?region=eu: created by $(cat ${folder}/lock) at 2026-11-27T18:00:00Z" >&2; exit 255; }; cat >${folder}/written ;;
  cancel*) rm ${folder}/lock ;;
esac
`,
  );
  chmodSync(join(folder, "pulumi"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const stack = (backend = "s3://state") => ({ name: "prod", project: { name: "shop", folder, backend } });
const calls = () => (existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "");
const written = () => JSON.parse(readFileSync(join(folder, "written"), "utf8"));

describe("what a killed run left in a bucket", () => {
  test("is its lock, which is removed, and pending operations, which Pulumi would warn about", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    writeFileSync(join(folder, "lock"), "root@runner-7 (pid 4711)");
    await removeKilledRun(stack(), KILLED);
    expect(calls()).toContain("cancel --stack prod --yes");
    expect(written().deployment.pending_operations).toEqual([]);
    expect(log.mock.calls.join()).toContain("The last deployment of the stack prod was killed: ada on runner-7");
  });

  test("is only pending operations, if it was killed without a lock", async () => {
    await removeKilledRun(stack(), KILLED);
    expect(calls()).not.toContain("cancel");
    expect(written().deployment.pending_operations).toEqual([]);
  });

  test.each(["grace@desk (pid 4711)", "root@runner-7 (pid 99)"])("is not the lock of %s", async (holder) => {
    writeFileSync(join(folder, "lock"), holder);
    const refused = removeKilledRun(stack(), KILLED);
    await expect(refused).rejects.toMatchObject({
      exitCode: EXIT.locked,
      message: expect.stringContaining(`The stack prod is locked: ${holder.split(" ")[0]}, since 2026-11-27T18:00:00Z`),
    });
    expect(calls()).not.toContain("cancel");
  });
});

test("a state in files needs none of it, since Berth reads its locks", async () => {
  await removeKilledRun(stack(`file://${folder}`), KILLED);
  expect(calls()).toBe("");
});
