import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { actorIn } from "../../../components/release/actor.mts";
import { git as gitOf } from "../../../components/release/git.mts";
import { packRelease } from "../../../components/release/pack.mts";

let folder: string;
const git = (...words: string[]) => execFileSync("git", words, { cwd: folder, stdio: "ignore" });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-pack-"));
  for (const name of [
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "GITLAB_USER_NAME",
    "GITHUB_SHA",
    "CI_COMMIT_SHA",
    "CI_COMMIT_TITLE",
  ])
    vi.stubEnv(name, "");
  // Neither the account's nor the machine's configuration.
  vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
  vi.stubEnv("GIT_CONFIG_SYSTEM", "/dev/null");
  writeFileSync(join(folder, "index.ts"), "");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

function commit(subject: string): void {
  git("init", "--quiet");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.org");
  git("add", ".");
  git("commit", "--quiet", "--message", subject);
}

const origin = () => originIn(folder);

async function originIn(where: string): Promise<string[]> {
  const pack = await packRelease(where, "\n\nhash index.ts\n");
  const line = pack.subarray(0, pack.indexOf("\n")).toString();
  return Buffer.from(line, "base64").toString().split("\n").filter(Boolean);
}

describe("the person of a release", () => {
  test("is the one that CI names, before git's", () => {
    commit("Begin");
    expect(actorIn(folder, { GITHUB_ACTOR: "grace" })).toBe("grace");
    expect(actorIn(folder, { GITLAB_USER_LOGIN: "jean", GITLAB_USER_NAME: "Jean B." })).toBe("jean");
    expect(actorIn(folder, { GITLAB_USER_NAME: "Jean B." })).toBe("Jean B.");
  });

  test("is git's user.name outside of CI, and the account where git has none", () => {
    expect(actorIn(folder, {})).toBe(execFileSync("id", ["-un"], { encoding: "utf8" }).trim());
    commit("Begin");
    expect(actorIn(folder, {})).toBe("Ada");
  });

  test("is one line", () => {
    expect(actorIn(folder, { GITHUB_ACTOR: "ada\nby=mallory\t" })).toBe("ada by=mallory");
    expect(actorIn(folder, { GITHUB_ACTOR: "a".repeat(500) })).toHaveLength(100);
  });
});

describe("the origin of a release", () => {
  test("has the person, the commit and its subject, and whether files were edited", async () => {
    commit("Begin");
    const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" }).trim();
    expect(await origin()).toEqual(["by=Ada", `commit=${head}`, "subject=Begin"]);
    writeFileSync(join(folder, "index.ts"), "changed");
    expect(await origin()).toContain("edited=true");
  });

  test("is read from a shallow clone with a detached HEAD that belongs to another account, as CI has it", async () => {
    commit("Begin");
    git("commit", "--quiet", "--allow-empty", "--message", "Second");
    const clone = join(folder, "clone");
    execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${folder}`, clone], { stdio: "ignore" });
    execFileSync("git", ["checkout", "--quiet", "--detach"], { cwd: clone });
    // git then acts as for another owner.
    vi.stubEnv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    expect(gitOf(clone, "log", "--oneline").split("\n")).toHaveLength(1);
    expect(await originIn(clone)).toContain("subject=Second");
  });

  test("is the commit that CI names where there is no repository", async () => {
    expect(await origin()).toEqual([expect.stringMatching(/^by=/)]);
    vi.stubEnv("CI_COMMIT_SHA", "a1b2c3");
    vi.stubEnv("CI_COMMIT_TITLE", "Begin");
    expect(await origin()).toEqual([expect.stringMatching(/^by=/), "commit=a1b2c3", "subject=Begin"]);
  });

  test("is that of the earlier release after a rollback, with the person who rolls back", async () => {
    writeFileSync(
      join(folder, "release.origin"),
      "commit=a1b2\nsubject=Begin\nrollback-to=3\nimage.backend=shop/backend:1\n",
    );
    vi.stubEnv("GITHUB_ACTOR", "grace");
    expect(await origin()).toEqual(["by=grace", "commit=a1b2", "subject=Begin", "rollback-to=3"]);
  });
});
