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
  jobs: Record<string, { if?: string; environment?: string; env?: Record<string, string>; steps: Step[] }>;
}

interface GitLabJob {
  script?: string[];
  environment?: { name: string; action?: string; on_stop?: string };
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
  const files = workflows(system, { previews: true });
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

describe("the workflows of preview environments", () => {
  const files = (system: "github" | "gitlab") => workflows(system, { previews: true });
  const onGithub = () => parse(files("github").get(".github/workflows/berth-preview.yml") ?? "") as Workflow;
  const onGitlab = () => parse(files("gitlab").get(".gitlab-ci.yml") ?? "") as Record<string, GitLabJob>;

  test("are written with a template only", () => {
    expect([...workflows("github").keys()]).not.toContain(".github/workflows/berth-preview.yml");
    expect(Object.keys(gitlab())).not.toContain("berth preview");
    for (const system of CI_SYSTEMS) {
      for (const [path, text] of workflows(system)) expect(files(system).get(path)).toContain(text);
    }
  });

  test("deploy and remove none of a fork, whose author could read the secrets", () => {
    const { up, down, prune } = onGithub().jobs;
    for (const job of [up, down]) {
      expect(job?.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
    }
    expect(prune?.if).toBe("github.event_name != 'pull_request'");
    for (const name of ["berth preview", "berth preview stop"]) {
      expect(onGitlab()[name]?.rules?.map((rule) => rule.if)).toEqual([
        expect.stringContaining("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID"),
      ]);
    }
  });

  test("have secrets of their own, in an environment, and give them to berth only", () => {
    for (const { environment, steps, env } of Object.values(onGithub().jobs)) {
      expect(environment).toBe("preview");
      expect(env).toBeUndefined();
      for (const { env, run } of steps) if (env) expect(run).toMatch(/^npx berth preview-env /);
    }
  });

  test("put no text of a pull request into a shell, and run nothing but berth, npm ci and pinned actions", () => {
    for (const { run, uses } of stepsOf(onGithub())) {
      if (run !== undefined)
        expect(run).toMatch(/^(npm ci|npx berth preview-env (up|down|prune) ("pr-\$NUMBER" )?--[^$]*)$/);
      else expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    }
  });

  test("remove one when its pull request is closed, and each night what has expired", () => {
    const { on, jobs } = onGithub();
    expect(on).toMatchObject({ pull_request: { types: expect.arrayContaining(["closed"]) }, schedule: [{}] });
    expect(jobs["down"]?.if).toContain("github.event.action == 'closed'");
    const { "berth preview": up, "berth preview stop": stop, "berth preview prune": prune } = onGitlab();
    expect(up?.environment?.on_stop).toBe("berth preview stop");
    expect(stop?.environment).toEqual({ name: up?.environment?.name, action: "stop" });
    expect(prune?.rules?.map((rule) => rule.if)).toEqual([
      '$CI_PIPELINE_SOURCE == "schedule" && $BERTH_JOB == "nightly"',
    ]);
  });

  test("call preview-env with commands and options that it has", () => {
    const group = program().commands.find((one) => one.name() === "preview-env");
    const lines = [
      ...stepsOf(onGithub()).flatMap(({ run }) => run ?? []),
      ...Object.values(onGitlab()).flatMap(({ script }) => script ?? []),
    ].filter((line) => line.startsWith("npx berth preview-env "));
    expect(lines).toHaveLength(6);
    for (const line of lines) {
      const command = group?.commands.find((one) => one.name() === line.split(" ")[3]);
      expect(command, line).toBeDefined();
      const known = command?.options.map(({ long }) => long);
      for (const option of line.match(/--[\w-]+/g) ?? []) expect(known, line).toContain(option);
    }
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

  test("adds those of preview environments where there is a template", async () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    writeFileSync(join(folder, "Pulumi.preview.yaml"), "preview:\n  domain: preview.example.org\n");
    await init(folder, { ci: "github" });
    expect(readFileSync(join(folder, ".github/workflows/berth-preview.yml"), "utf8")).toContain("preview-env up");
  });

  test("writes them with a new project", async () => {
    await init(folder, { name: "shop", ci: "github", yes: true });
    expect(readFileSync(join(folder, ".github/workflows/berth-deploy.yml"), "utf8")).toContain("npx berth up");
    expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toContain("name: shop");
  });
});
