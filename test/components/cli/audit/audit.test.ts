import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { audit, auditLog, parseLog } from "../../../../components/cli/audit/audit.mts";
import { asText } from "../../../../components/cli/audit/text.mts";
import { programIn } from "../../../../components/cli/exec/exec.mts";
import { withPreamble } from "../../../../components/model/preamble";
import { callOf } from "../../../../components/remote/run.mts";

const SCRIPT = readFileSync("components/remote/scripts/audit-line.sh", "utf8");
const place = { sshPrefix: "", project: "shop", stack: "prod" };
let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-audit-"));
  log = join(folder, "berth", "shop-prod", "audit.jsonl");
  mkdirSync(join(folder, "bin"));
  vi.stubEnv("XDG_STATE_HOME", folder);
  vi.stubEnv("GITHUB_ACTOR", "ada");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

function program(name: string, script: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
}

/** Calls audit_line with the folder of a server, and returns what it prints to standard error. */
function auditLine(...words: string[]): string {
  const PATH = `${join(folder, "bin")}:${process.env["PATH"]}`;
  const call = `set -eu; ${withPreamble(SCRIPT)}\naudit_line "$@" 2>&1`;
  return execFileSync("sh", ["-c", call, "sh", join(folder, "var"), "shop-prod", ...words], {
    encoding: "utf8",
    env: { PATH, SSH_CONNECTION: "192.0.2.7 50000 203.0.113.1 22" },
  });
}

describe("the audit log of a stack on this machine", () => {
  test("is kept in the account's folder for state, and read with the oldest line first", async () => {
    await audit(place, "restore", { backup: "4f1c2a90" });
    await audit(place, "unlock", { holder: 'anna@"desk"\n\\' });
    const lines = await auditLog(place, 10);
    expect(lines).toMatchObject([
      { action: "restore", by: "ada", backup: "4f1c2a90" },
      { action: "unlock", by: "ada", holder: 'anna@"desk"\\' },
    ]);
    expect(Date.now() - Date.parse(lines[0]?.at ?? "")).toBeLessThan(60_000);
    expect(await auditLog(place, 1)).toEqual([lines[1]]);
  });

  test("is empty before the first action", async () => {
    expect(await auditLog(place, 10)).toEqual([]);
  });

  test("keeps at most one earlier file of 1 MiB", async () => {
    await audit(place, "first");
    writeFileSync(log, `${readFileSync(log, "utf8")}${"x".repeat(1_048_576)}\n`);
    await audit(place, "second");
    await audit(place, "third");
    expect(readFileSync(log, "utf8").trim().split("\n")).toHaveLength(2);
    expect((await auditLog(place, 10)).map(({ action }) => action)).toEqual(["first", "second", "third"]);
  });

  test("is not readable for other accounts", async () => {
    await audit(place, "restore");
    expect(statSync(log).mode & 0o777).toBe(0o660);
  });
});

describe("the audit log on a server", () => {
  const written = () => readFileSync(join(folder, "var", "shop-prod", "audit.jsonl"), "utf8");

  test("has account and address of the connection, and the journal has the line too", () => {
    program("logger", `echo "$*" >${folder}/journal`);
    program("chgrp", "");
    program("id", "[ $1 = -u ] && echo 0 || echo deploy");
    expect(auditLine("exec", "by=ada", "service=backend", "empty=")).toBe("");
    expect(parseLog(written())).toMatchObject([
      { action: "exec", by: "ada", service: "backend", account: "deploy", address: "192.0.2.7" },
    ]);
    expect(written()).not.toContain("empty");
    expect(readFileSync(join(folder, "journal"), "utf8")).toMatch(/^-t berth -- shop-prod \{"at":/);
    expect(statSync(join(folder, "var", "shop-prod")).mode & 0o7777).toBe(0o2770);
    // Others have to find their own folder below it.
    expect(statSync(join(folder, "var")).mode & 0o777).toBe(0o755);
  });

  test("is created through the engine for an account of the group docker without sudo", () => {
    program("logger", "");
    program("sudo", "exit 1");
    program("getent", "echo docker:x:999:deploy");
    program("chgrp", "");
    program("id", "[ $1 = -u ] && echo 1000 || echo deploy");
    program(
      "docker",
      `echo "$*" >>${folder}/calls
case $1 in ps) echo distroless; echo nginx ;; run) case $* in *" distroless "*) exit 127 ;; esac; mkdir -p ${folder}/var/shop-prod ;; esac`,
    );
    expect(auditLine("exec", "by=ada")).toBe("");
    expect(auditLine("exec", "by=grace")).toBe("");
    expect(parseLog(written()).map(({ by }) => by)).toEqual(["ada", "grace"]);
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    expect(calls.filter((call) => call.startsWith("run"))).toHaveLength(2);
    expect(calls[0]).toBe("ps --filter label=berth.project --format {{.Image}}");
    expect(calls.at(-1)).toContain(`--volume ${folder}/var:/berth nginx -c`);
    expect(calls.at(-1)).toMatch(/sh \/berth\/shop-prod 999$/);
  });

  test("that cannot be written is reported with the line, and stops nothing", () => {
    program("logger", "exit 1");
    program("sudo", "exit 1");
    program("docker", "exit 1");
    program("id", "[ $1 = -u ] && echo 1000 || echo deploy");
    expect(auditLine("exec", "by=ada")).toMatch(
      /audit\.jsonl cannot be written\. It lacks this line: \{"at":.*"by":"ada"/,
    );
    expect(existsSync(join(folder, "var"))).toBe(false);
  });
});

test("lines that are incomplete are skipped", () => {
  expect(parseLog('{"at":"2026-01-01T00:00:00Z","action":"down"}\n{"at":"2026\nnull\n')).toEqual([
    { at: "2026-01-01T00:00:00Z", action: "down" },
  ]);
});

test("the log is shown as a table", () => {
  const line = { at: "2026-11-21T07:30:00Z", action: "rollback", by: "ada", account: "deploy", address: "192.0.2.7" };
  const text = asText([{ ...line, release: "13", commit: "a1b2c3d4e5f6", "rollback-to": "11" }]);
  expect(text.split("\n")).toEqual([
    "TIME (UTC)           PERSON  FROM              ACTION    DETAILS",
    "2026-11-21 07:30:00  ada     deploy@192.0.2.7  rollback  release 13, commit a1b2c3d, rollback-to 11",
  ]);
});

test("of a command in a container, the log has the program only, as its arguments may be secret", () => {
  expect(programIn(["/usr/bin/python", "manage.py", "--password", "hunter2"])).toBe("python");
  expect(programIn(["sh", "-c", "PASSWORD=hunter2 ./run"])).toBe("sh");
  expect(programIn(["PASSWORD=hunter2", "run"])).toBe("PASSWORD");
});

test("a command in a container is logged before it runs, without its arguments", () => {
  program("docker", `case $1 in version) echo 28.2.2 ;; ps) echo c1 ;; exec) cat ${log}; echo "$*" ;; esac`);
  const words = ["", "ada", programIn(["python", "-c", "hunter2"]), "backend", "-i", "python", "-c", "hunter2"];
  const [shell, call] = callOf(place, "exec.sh", words);
  const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` };
  const [line = "", ran] = execFileSync(shell, call, { encoding: "utf8", env }).split("\n");
  expect(ran).toBe("exec -i c1 python -c hunter2");
  expect(JSON.parse(line)).toMatchObject({ action: "exec", by: "ada", service: "backend", program: "python" });
  expect(readFileSync(log, "utf8")).not.toContain("hunter2");
});
