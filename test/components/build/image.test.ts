import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Image, type ImageArgs } from "../../../components";
import { buildProblems } from "../../../components/build/build-problems";
import { Registry, type RegistryArgs } from "../../../components/host/registry";
import { openScope, Scope } from "../../../components/host/scope";
import { Server, type ServerArgs } from "../../../components/host/server";
import { collecting, type Registered, resolved } from "../../support/mocks";

const registry = { address: "ghcr.io/acme", username: "acme", password: "registry-password" };
const server = { ssh: { host: "203.0.113.7", port: 22, user: "root", hostKey: "ssh-ed25519 AAAAkey" } };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-"));
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
});
afterEach(() => rmSync(folder, { recursive: true }));
let registered: Registered[];

interface Made {
  reference: string;
  one: (name: string, type: string) => Registered;
}

/** Creates an image. `inStack` are the arguments of its server and registry. */
async function image(
  args: Omit<Partial<ImageArgs>, "stack"> = {},
  inStack: { server?: ServerArgs; registry?: RegistryArgs } = {},
): Promise<Made> {
  registered = await collecting();
  const registry = inStack.registry && new Registry("registry", inStack.registry);
  const server = new Server("server", { ...inStack.server, registry });
  openScope([server], new Scope());
  const made = new Image("app", { context: folder, ...args, stack: { server, registry } });
  const one = (name: string, type: string) => {
    const found = registered.find((other) => other.name === name && other.type.endsWith(`:${type}`));
    if (!found) throw new Error(`There is no ${type} ${name}: ${registered.map((other) => other.name)}`);
    return found;
  };
  const reference = await resolved(made.reference);
  // The component registers its outputs, which the mocks of the next test do not know.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { reference, one };
}

const environment = ({ inputs }: Registered) => inputs["environment"] as Record<string, string>;
const inputOf = ({ inputs }: Registered) => JSON.parse(String(inputs["stdin"]));

describe("an image", () => {
  test("is built on the server, and found there by its tag", async () => {
    const { one, reference } = await image({}, { server });
    const built = one("app-built", "Command");
    expect(environment(built)["RUN"]).toMatch(/^ssh .*203\.0\.113\.7/);
    expect(reference).toMatch(/^mailtracker-test\/app:[0-9a-f]{12}$/);
    expect(inputOf(built)).toMatchObject({ context: folder, hash: reference.split(":")[1], here: false });
    // The last argument of the script.
    expect(environment(built)["RUN"]).toMatch(/ held\W*$/);
    const found = one("app", "RemoteImage");
    expect(found.inputs).toMatchObject({ name: reference, keepLocally: true });
    expect(found.inputs).not.toHaveProperty("build");
    expect(registered.indexOf(found)).toBeGreaterThan(registered.indexOf(built));
  });

  test("of a stack with a registry is built and pushed by this machine, with the registry's account", async () => {
    const { one } = await image({}, { server, registry });
    const built = one("app-built", "Command");
    expect(environment(built)["RUN"]).toMatch(/^sh -c /);
    expect(environment(built)["RUN"]).toContain("ghcr.io/acme/mailtracker-test/app:");
    expect(inputOf(built)).toMatchObject({
      accounts: [{ address: "ghcr.io", username: "acme", password: "registry-password" }],
      here: true,
    });
    const pushed = one("app-pushed", "RegistryImage");
    expect(pushed.inputs["name"]).toMatch(/^ghcr\.io\/acme\/mailtracker-test\/app:[0-9a-f]{12}$/);
    expect(one("app", "RemoteImage").inputs["name"]).toBe("ghcr.io/acme/mailtracker-test/app@sha256:d1");
    const at = (name: string) =>
      registered.findIndex((other) => other.name === name && other.type.match(/:\w*(Command|Image)$/));
    expect(at("app-pushed")).toBeGreaterThan(at("app-built"));
  });

  test("keeps secrets and passwords in its encrypted input only", async () => {
    const secrets = { npm: pulumi.output("the-npm-token") };
    const accounts = [{ address: "docker.io", username: "ada", password: "the-hub-token" }];
    const { one } = await image({ secrets, accounts });
    const built = one("app-built", "Command");
    expect(built.secrets).toEqual(["stdin"]);
    expect(inputOf(built)).toMatchObject({ secrets: { npm: "the-npm-token" }, accounts });
    expect(JSON.stringify(environment(built))).not.toMatch(/the-(npm|hub)-token/);
  });

  test("is built with the account of the stack's settings, and its own ones after it", async () => {
    const hub = { address: "registry-1.docker.io", username: "ada", password: pulumi.secret("hub-token") };
    const own = { address: "quay.io", username: "bob", password: "quay-token" };
    const { one } = await image({ accounts: [own] }, { server: { ...server, accounts: [hub] } });
    const built = one("app-built", "Command");
    expect(inputOf(built).accounts).toEqual([{ ...hub, password: "hub-token" }, own]);
    expect(built.secrets).toEqual(["stdin"]);
    expect(JSON.stringify(environment(built))).not.toMatch(/(hub|quay)-token/);
  });

  test("uses the SSH agent on request, through a connection of its own", async () => {
    const plain = (await image({}, { server })).one("app-built", "Command");
    expect(environment(plain)["RUN"]).not.toContain(" -A ");
    const withAgent = (await image({ ssh: true }, { server })).one("app-built", "Command");
    expect(environment(withAgent)["RUN"]).toMatch(/^ssh -A -o ControlPath=none -T /);
  });

  test("F04: takes the Dockerfile of its context, whatever the project's folder has", async () => {
    mkdirSync(join(folder, "nginx"));
    writeFileSync(join(folder, "nginx/Dockerfile"), "FROM own\n");
    const { one } = await image({ dockerfile: "nginx/Dockerfile" });
    expect(inputOf(one("app-built", "Command"))).toMatchObject({ dockerfile: "nginx/Dockerfile", text: "FROM own\n" });
  });
});

test.each([
  [{ platform: "arm64" }, "platform is arm64, but must have a form like linux/arm64"],
  [{ secrets: { "a,src=/etc/shadow": "x" } }, 'the id of a secret is "a,src=/etc/shadow", but must'],
])("an image is refused with %j", (args, problem) => {
  expect(buildProblems(args)).toEqual([expect.stringContaining(problem)]);
  expect(buildProblems({ platform: "linux/arm/v7", secrets: { "npm.token-1": "x" } })).toEqual([]);
});
