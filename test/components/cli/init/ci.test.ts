import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { CI_SYSTEMS, workflows } from "../../../../components/cli/init/ci.mts";
import { init } from "../../../../components/cli/init/init.mts";
import { program } from "../../../../components/cli/program.mts";

interface Step {
  run?: string;
  uses?: string;
  env?: Record<string, string>;
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, { environment?: string; env?: Record<string, string>; steps: Step[] }>;
}

interface GitLabJob {
  script?: string[];
  environment?: { name: string };
  rules?: { if: string; when?: string }[];
}

const github = () => new Map([...workflows("github")].map(([path, text]) => [path, parse(text) as Workflow]));
const named = (name: string) => github().get(`.github/workflows/berth-${name}.yml`) as Workflow;
const gitlab = () => parse(workflows("gitlab").get(".gitlab-ci.yml") ?? "") as Record<string, GitLabJob>;
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

/** The lines of all workflows that call `berth`. */
const lines = () => [
  ...[...github().values()].flatMap(stepsOf).flatMap(({ run }) => run ?? []),
  ...Object.values(gitlab()).flatMap(({ script }) => script ?? []),
];

test.each(CI_SYSTEMS)("this repository has the workflows for %s that init writes", (system) => {
  const files = workflows(system);
  expect(files.size).toBeGreaterThan(0);
  for (const [path, text] of files) expect(readFileSync(path, "utf8"), path).toBe(text);
});

describe("the workflows of GitHub Actions", () => {
  test("run nothing but berth, npm ci, and actions that are pinned to a commit", () => {
    for (const [path, workflow] of github()) {
      for (const { run, uses } of stepsOf(workflow)) {
        if (run !== undefined) expect(run, path).toMatch(/^(npm ci|npx berth .*)$/);
        else expect(uses, path).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      }
    }
  });

  test("give the key of the server to no pull request, and to no step but berth's", () => {
    expect(JSON.stringify([named("plan"), named("update")])).not.toContain("BERTH_SSH_KEY");
    expect(Object.keys(named("plan").on)).toEqual(["pull_request"]);
    for (const workflow of [named("deploy"), named("plan")]) {
      for (const { env, run } of stepsOf(workflow)) if (env) expect(run).toMatch(/^npx berth /);
    }
  });

  test("deploy main only, in an environment that reviewers can protect", () => {
    const { on, jobs } = named("deploy");
    expect(on["push"]).toEqual({ branches: ["main"] });
    expect(jobs["deploy"]?.environment).toBe("production");
    expect(named("nightly").jobs["check"]?.environment).toBe("production-checks");
  });

  test("write only where they must", () => {
    const writes = [...github()].flatMap(([path, { permissions }]) =>
      Object.entries(permissions).flatMap(([scope, access]) => (access === "write" ? [`${path} ${scope}`] : [])),
    );
    expect(writes).toEqual([
      ".github/workflows/berth-plan.yml pull-requests",
      ".github/workflows/berth-update.yml contents",
      ".github/workflows/berth-update.yml pull-requests",
    ]);
  });
});

describe("the pipeline of GitLab", () => {
  test("deploys the default branch after somebody started the job", () => {
    expect(gitlab()["berth deploy"]).toMatchObject({
      environment: { name: "production" },
      rules: [{ if: expect.stringContaining("$CI_DEFAULT_BRANCH"), when: "manual" }],
    });
  });

  test("plans no merge request of a fork, and has no environment with a key for it", () => {
    const { rules, environment } = gitlab()["berth plan"] ?? {};
    expect(rules?.map((rule) => rule.if)).toEqual([
      expect.stringContaining("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID"),
    ]);
    expect(environment).toBeUndefined();
  });
});

test("the workflows call berth with commands and options that it has", () => {
  const calls = lines().flatMap((line) => /^npx berth (\S+) (.*)$/.exec(line)?.slice(1) ?? []);
  expect(calls.length).toBeGreaterThan(10);
  for (let at = 0; at < calls.length; at += 2) {
    const [name = "", words = ""] = calls.slice(at, at + 2);
    const command = program().commands.find((one) => one.name() === name);
    expect(command, name).toBeDefined();
    const known = command?.options.map(({ long }) => long);
    for (const option of words.match(/--[\w-]+/g) ?? []) expect(known, `${name} ${option}`).toContain(option);
  }
});

describe("init --ci", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-ci-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("adds workflows to a project that exists, and overwrites none", async () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    await init(folder, { ci: "gitlab" });
    expect(readFileSync(join(folder, ".gitlab-ci.yml"), "utf8")).toContain("berth deploy:");
    expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toBe("name: shop\n");
    await expect(init(folder, { ci: "gitlab" })).rejects.toThrow("would be overwritten: .gitlab-ci.yml");
  });

  test("writes them with a new project", async () => {
    await init(folder, { name: "shop", ci: "github", yes: true });
    expect(readFileSync(join(folder, ".github/workflows/berth-deploy.yml"), "utf8")).toContain("npx berth up");
    expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toContain("name: shop");
  });
});
