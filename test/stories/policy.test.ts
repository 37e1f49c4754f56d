import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { Deployment } from "../support/deployment";

let deployment: Deployment;
let prod: Record<string, unknown>;
let containers: string;

beforeAll(async () => {
  const { config } = parse(readFileSync("Pulumi.prod.yaml", "utf8")) as { config: Record<string, unknown> };
  prod = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("mailtracker:", ""), value]));
  deployment = await Deployment.copy("policy", prod);
  // As in a review: no agent, and no key of this machine's user.
  deployment.environment.SSH_AUTH_SOCK = "";
  containers = readFileSync(deployment.path("stack/backend-containers.ts"), "utf8");
});

afterAll(() => deployment.remove());

/** Overrides arguments of the backend's containers with TypeScript code. */
function withArguments(args: string): void {
  const changed = containers.replace(
    "replicas: config.replicas }",
    `replicas: config.replicas, transform: (args: any) => ({ ...args, ${args} }) }`,
  );
  expect(changed).not.toBe(containers);
  deployment.write("stack/backend-containers.ts", changed);
}

/** The policies the first replica violates, as the plan names them. */
function broken(output: string): string[] {
  return [...output.matchAll(/^- ([\w-]+): backend-1 /gm)].map(([, rule = ""]) => rule);
}

test("prod passes all policies without exceptions, and without access to the server", async () => {
  expect(prod).not.toHaveProperty("policyExceptions");
  const { output, exitCode } = await deployment.plan();
  expect(output).toContain("No downtime, no data change.");
  expect(output).not.toContain("Policy violations");
  expect(exitCode).toBe(0);
});

test("a mutable image tag is refused on a server, where no registry is reached to lock it", async () => {
  deployment.environment.DOCKER_HOST = "unix:///run/no-engine.sock";
  const { output, exitCode } = await deployment.plan("plan.md");
  delete deployment.environment.DOCKER_HOST;
  expect(output).toContain("- image-pinned: postgres runs postgres:16-alpine, whose tag can move to another image.");
  expect(output.match(/^- /gm)).toHaveLength(2);
  expect(readFileSync(deployment.path("plan.md"), "utf8")).toContain("Policy violations");
  expect(exitCode).toBe(4);
});

test("a mutable image tag is refused by plain Pulumi too, unless berth.lock pins it", async () => {
  await expect(deployment.preview("--policy-pack", "components/policy")).rejects.toThrow(
    "postgres runs postgres:16-alpine, whose tag can move to another image.",
  );
  expect((await deployment.berth("update")).exitCode).toBe(0);
  expect(await deployment.preview("--policy-pack", "components/policy")).toContain("Policies:");
});

test("each policy refuses a violation and shows how to declare an exception", async () => {
  withArguments(`
    privileged: true,
    ports: [{ internal: 8000, external: 8000 }],
    memory: 0,
    logOpts: {},
    healthcheck: undefined,
    image: "python:3.12"`);
  const { output, exitCode } = await deployment.plan();
  const rules = ["health-check", "image-pinned", "limits", "log-rotation", "port-outside-edge", "privileged"];
  expect(broken(output)).toEqual(rules);
  expect(output).toContain('add "privileged:backend-1" to policyExceptions of the stack.');
  expect(exitCode).toBe(4);

  const exceptions = ["backend-1", "backend-2"].flatMap((name) => rules.map((rule) => `${rule}:${name}`));
  deployment.configure({ ...prod, policyExceptions: exceptions });
  const onPurpose = await deployment.plan();
  deployment.configure(prod);
  expect(onPurpose.output).not.toContain("Policy violations");
  expect(onPurpose.exitCode).toBe(0);
});

test("a password in an environment is refused, by plain Pulumi too, and not repeated", async () => {
  withArguments('envs: ["MAIL_PASSWORD=a password of the office"]');
  const { output, exitCode } = await deployment.plan();
  expect(broken(output)).toEqual(["secret-in-environment"]);
  expect(output).toContain("MAIL_PASSWORD is the name of a secret, and its value is not a path.");
  expect(output).not.toContain("a password of the office");
  expect(exitCode).toBe(4);
  await expect(deployment.preview("--policy-pack", "components/policy")).rejects.toThrow("secret-in-environment");
});
