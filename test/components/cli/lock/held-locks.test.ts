import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { described, holderStatusOf, type Lock, locksIn } from "../../../../components/cli/lock/held-locks.mts";
import { attributesFile, lockFolder } from "../../../../components/cli/lock/lock-files.mts";
import { programOf } from "../../../../components/cli/lock/processes.mts";
import { backendAddress } from "../../../../components/cli/project/project.mts";

const HOLDER = { pid: 4711, username: "anna", hostname: "desk", timestamp: "2026-11-21T07:21:03.123456789Z" };
const lock = (holder: Partial<typeof HOLDER> = {}): Lock => ({ file: "/l.json", holder: { ...HOLDER, ...holder } });

describe("the folder of a stack's locks", () => {
  const at = (url: string) => {
    const project = { folder: "/project", name: "mailtracker", backend: backendAddress(url, "/project") };
    return { project, name: "prod" };
  };

  test("is the one Pulumi's file backend uses", () => {
    const inside = ".pulumi/locks/organization/mailtracker/prod";
    expect(lockFolder(at("file://./.pulumi-state"))).toBe(`/project/.pulumi-state/${inside}`);
    expect(lockFolder(at("file:///srv/state?metadata=skip"))).toBe(`/srv/state/${inside}`);
    expect(lockFolder(at("file://~"))).toBe(`${homedir()}/${inside}`);
    expect(lockFolder(at("file://~/state"))).toBe(`${homedir()}/state/${inside}`);
  });

  test("is undefined for a state backend other than files", () => {
    for (const backend of ["s3://bucket", "https://api.pulumi.com", "postgres://host/db"]) {
      expect(lockFolder(at(backend)), backend).toBeUndefined();
      expect(attributesFile(at(backend)), backend).toBeUndefined();
    }
  });

  test("is stored beside the state's attributes", () => {
    const file = "/project/.pulumi-state/.pulumi/stacks/mailtracker/prod.json.attrs";
    expect(attributesFile(at("file://./.pulumi-state"))).toBe(file);
  });
});

describe("locks", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "berth-locks-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("are read, and Pulumi's other files beside them are ignored", () => {
    writeFileSync(join(directory, "a1.json"), JSON.stringify(HOLDER));
    writeFileSync(join(directory, "a1.json.attrs"), "{}");
    expect(locksIn(directory)).toEqual([{ file: join(directory, "a1.json"), holder: HOLDER }]);
  });

  test("are empty when the folder does not exist", () => {
    expect(locksIn(join(directory, "none"))).toEqual([]);
  });

  test("that cannot be read count as held by an unknown process", () => {
    const contents = ["", "{", "{}", "null", JSON.stringify({ ...HOLDER, timestamp: "yesterday" })];
    mkdirSync(join(directory, "broken"));
    contents.forEach((content, index) => {
      writeFileSync(join(directory, "broken", `${index}.json`), content);
    });
    const locks = locksIn(join(directory, "broken"));
    expect(locks.map(({ holder }) => holder)).toEqual(contents.map(() => undefined));
    const [first] = locks as [Lock];
    expect(holderStatusOf(first, { hostname: "desk", program: () => undefined })).toBe("elsewhere");
    expect(described(first, new Date())).toContain(first.file);
  });
});

describe("the holder of a lock", () => {
  const here = (program: string | undefined) => ({ hostname: "desk", program: () => program });

  test("is alive while its process runs Pulumi", () => {
    expect(holderStatusOf(lock(), here("pulumi"))).toBe("running");
  });

  test("counts as alive when its process exists but cannot be inspected", () => {
    expect(holderStatusOf(lock(), here(""))).toBe("running");
  });

  test("is dead with its process, even when another program has its process ID", () => {
    expect(holderStatusOf(lock(), here(undefined))).toBe("ended");
    expect(holderStatusOf(lock(), here("bash"))).toBe("ended");
  });

  test("on another machine cannot be judged", () => {
    expect(holderStatusOf(lock({ hostname: "laptop" }), here(undefined))).toBe("elsewhere");
  });

  test("is described by name, time and process", () => {
    const since = new Date(HOLDER.timestamp);
    const output = (minutes: number) => described(lock(), new Date(since.getTime() + minutes * 60_000));
    const local = since.toLocaleString("sv-SE");
    expect(output(1)).toBe(`anna@desk, since ${local} (60 s ago), process 4711`);
    expect(output(5)).toContain("(5 min ago)");
    expect(output(60 * 5)).toContain("(5 h ago)");
    expect(output(60 * 24 * 5)).toContain("(5 days ago)");
    // The other machine's clock may be ahead.
    expect(output(-1)).toContain("(0 s ago)");
  });
});

describe("a process", () => {
  test("is identified by its program while it runs, and is unknown afterwards", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const pid = child.pid ?? 0;
    expect(programOf(pid)).toBe("sleep");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(programOf(pid)).toBeUndefined();
  });

  test("that has exited counts as dead before it is reaped", async () => {
    // The shell becomes a program that never reaps its child.
    const parent = spawn("bash", ["-c", "sleep 0.1 & echo $!; exec sleep 60"]);
    const [output] = await once(parent.stdout, "data");
    const pid = Number(String(output));
    expect(programOf(pid)).toBeDefined();
    await expect.poll(() => programOf(pid)).toBeUndefined();
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill("SIGKILL");
  });
});
