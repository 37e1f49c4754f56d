import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as berth from "../../../components";
import { readConfig } from "../../../components/settings/read";
import { type Run, secretsFromCommands, tryCommands } from "../../../components/settings/secret-commands";
import { standardSettings } from "../../../components/settings/standard";
import { collecting, resolved } from "../../support/mocks";

const own = { ...berth.adminSettings, ...berth.postgresSettings({ memory: 512, cpus: 1, pids: 200 }) };
const settings = { ...standardSettings, ...own };
const read = (entries: string[], given: Record<string, string> = {}, run?: Run) =>
  secretsFromCommands({ secretCommands: JSON.stringify(entries), ...given }, settings, run);

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "berth-commands-")));
  vi.stubEnv("BERTH_PROJECT", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("a secret that a command prints", () => {
  test("is its output without the last line break, with equals signs, pipes and quotes in the command line", () => {
    expect(read(["adminPassword=printf 'a=b\\nc\\n\\n' | cat"])).toEqual({
      values: { adminPassword: "a=b\nc\n" },
      problems: [],
    });
  });

  test("comes from the project's folder, also for the sources of an earlier release", () => {
    expect(read(["adminPassword=pwd"]).values).toEqual({ adminPassword: folder });
  });

  test("is missing with a reason and no output, if the command fails", () => {
    const { values, problems } = read([
      "adminPassword=/opt/op-missing read x",
      "databasePassword=echo hunter2; echo hunter2 >&2; exit 3",
      "basicAuth=true",
    ]);
    expect(values).toEqual({});
    expect(problems).toEqual([
      "adminPassword: the command op-missing is not installed on this machine. To see why, run it in the project's folder: /opt/op-missing read x",
      expect.stringMatching(/^databasePassword: the command echo ended with exit code 3\. To see why, run it in/),
      "basicAuth: the command true printed nothing. To see why, run it in the project's folder: true",
    ]);
  });

  test("may not take longer than a minute", () => {
    const problem = read(["adminPassword=op read x"], {}, () => ({ failure: "the command op took more than 60 s" }));
    expect(problem.problems[0]).toContain("adminPassword: the command op took more than 60 s.");
  });

  test.each([
    ["op read x", {}, '"op read x" is not <setting>=<command>, e.g. "adminPassword=op read op://…"'],
    ["password=op read x", {}, "password is not a setting"],
    ["adminUser=op read x", {}, "adminUser is no secret, so set its value in the stack's file"],
    [
      "adminPassword=op read x",
      { adminPassword: "another" },
      "adminPassword has a value in the stack's file too (pulumi config rm adminPassword)",
    ],
  ])("of the entry %s is refused, and the command does not run", (entry, given, problem) => {
    const run = vi.fn();
    expect(read([entry], given, run)).toEqual({ values: {}, problems: [`secretCommands: ${problem}`] });
    expect(run).not.toHaveBeenCalled();
  });

  test("cannot come from two commands", () => {
    expect(read(["adminPassword=echo a", "adminPassword=echo b"]).problems).toEqual([
      "secretCommands: adminPassword is there twice",
    ]);
  });
});

describe("the configuration of a stack", () => {
  test("has the secrets of commands, and records none for a rollback", async () => {
    await collecting({ secretCommands: '["adminPassword=echo correct-horse"]' });
    const { values, release } = readConfig({ settings: own });
    expect(values.adminPassword).toBe("correct-horse");
    expect(JSON.stringify(release)).not.toContain("correct-horse");
    expect(release.settings).not.toHaveProperty("secretCommands");
  });

  test("is refused with the commands that failed, and nothing else", async () => {
    await collecting({ registryAddress: "ghcr.io/acme", secretCommands: '["registryPassword=exit 1"]' });
    expect(() => readConfig({ settings: own })).toThrow(
      /nothing was changed:\n {2}- registryPassword: the command exit/,
    );
    expect(() => readConfig({ settings: own })).not.toThrow(/missing/);
  });

  test("checks the secrets of commands like others", async () => {
    await collecting({ secretCommands: '["adminPassword=echo short"]' });
    expect(() => readConfig({ settings: own })).toThrow("adminPassword must have at least 12 characters");
  });

  test("has users and allow-lists for the edge, with passwords as secrets", async () => {
    await collecting({
      secretCommands: String.raw`["basicAuth=printf '/admin/ ada:correct horse: battery\n/ grace:x\n'"]`,
      allowAddresses: '["/admin/ 192.0.2.7, 10.0.0.0/8", "/admin/ 2001:db8::7"]',
    });
    const { edge } = readConfig({ settings: own });
    expect(edge.allow).toEqual({ "/admin/": ["192.0.2.7", "10.0.0.0/8", "2001:db8::7"] });
    expect(Object.keys(edge.basicAuth ?? {})).toEqual(["/admin/", "/"]);
    const password = pulumi.output(edge.basicAuth?.["/admin/"]?.["ada"] ?? "");
    expect(await resolved(password)).toBe("correct horse: battery");
    expect(await pulumi.isSecret(password)).toBe(true);
  });

  test("has neither without those settings", async () => {
    await collecting({});
    expect(readConfig({ settings: own }).edge).not.toHaveProperty("basicAuth");
    expect(readConfig({ settings: own }).edge).not.toHaveProperty("allow");
  });
});

test("doctor tries the commands, and keeps no output", () => {
  const entries = JSON.stringify(["adminPassword=echo hunter2", "tlsKey=exit 3", "op read x"]);
  expect(tryCommands(entries)).toEqual([
    { name: "adminPassword" },
    { name: "tlsKey", failure: "the command exit ended with exit code 3" },
    { name: "op read x", failure: "it is not <setting>=<command>" },
  ]);
  expect(tryCommands(undefined)).toEqual([]);
});
