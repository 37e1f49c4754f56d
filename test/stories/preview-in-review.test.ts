import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { Deployment } from "../support/deployment";

let deployment: Deployment;

beforeAll(async () => {
  const { config } = parse(readFileSync("Pulumi.prod.yaml", "utf8")) as { config: Record<string, unknown> };
  const own = Object.entries(config).map(([key, value]) => [key.replace("mailtracker:", ""), value]);
  deployment = await Deployment.create("review", Object.fromEntries(own));
  // No agent, and no key of this machine's user.
  deployment.environment.SSH_AUTH_SOCK = "";
});

afterAll(() => deployment.remove());

test("the plan of prod works when its server is unreachable and there is no key", async () => {
  const plan = await deployment.preview("--diff");
  for (const part of ["Server::server", "Postgres::postgres", "Job::migrate", "WebService::backend", "Edge::nginx"]) {
    expect(plan).toContain(part);
  }
  expect(plan).toContain("mail.example.org");
  expect(plan).toMatch(/\d+ to create/);
});

test("the plan shows no secret, not even a configured one", async () => {
  await deployment.setSecret("adminPassword", "a secret of the office");
  const plan = await deployment.preview("--diff");
  expect(plan).toContain("[secret]");
  expect(plan).not.toContain("a secret of the office");
});

test("Pulumi's own commands work without a running Docker of the stack", async () => {
  expect(await deployment.run("stack", "select", deployment.stack)).toBe("");
  expect(await deployment.run("config", "get", "replicas")).toContain("2");
});
