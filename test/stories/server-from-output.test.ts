import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { StandInServer } from "../servers/server";

/**
 * A program whose server becomes known when another resource has been created: here, one that prints address and host
 * key.
 */
const PROGRAM = `
import * as command from "@pulumi/command";
import * as berth from "berth";

const printed = (name: string, file: string) => new command.local.Command(name, { create: "cat " + file }).stdout;
const ssh = { host: printed("address", "address"), hostKey: printed("host-key", "host.pub") };

export const { address } = berth.stack(
  { settings: {} },
  (stack) => {
    const networks = [new berth.Network("front", { stack })];
    new berth.Worker("sleeper", { networks, image: "nginx:alpine", command: ["sleep", "infinity"], user: "101:101" });
    return { address: stack.server.address };
  },
  { ssh },
);
`;

const folder = mkdtempSync(join(tmpdir(), "berth-output-"));
let server: StandInServer;

beforeAll(async () => {
  server = await StandInServer.start({ name: "output" });
  const { serverHost: _, serverHostKey: __, ...settings } = server.settings;
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`lodger:${key}`, value]));
  const runtime = { name: "nodejs", options: { packagemanager: "npm" } };
  const backend = { url: "file://./.pulumi-state" };
  const files = {
    "index.ts": PROGRAM,
    "release.files": "*.ts\nPulumi.yaml\n",
    "package.json": JSON.stringify({ name: "lodger", main: "index.ts" }),
    "Pulumi.yaml": stringify({ name: "lodger", main: "index.ts", runtime, backend }),
    "Pulumi.test.yaml": stringify({ config }),
    "host.pub": server.hostKey,
    address: server.address,
  };
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  mkdirSync(join(folder, ".pulumi-state"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  await pulumi("stack", "init", "test");
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function pulumi(...words: string[]): Promise<string> {
  const env = {
    PULUMI_CONFIG_PASSPHRASE: "lodger",
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
    PULUMI_BACKEND_URL: undefined,
  };
  const options = { cwd: folder, env, all: true } as const;
  const { all } = await execa("pulumi", [...words, "--non-interactive", "--color", "never"], options);
  return all;
}

test("a preview shows the resources on a server that is not yet known", async () => {
  const preview = await pulumi("preview", "--stack", "test");
  expect(preview).toMatch(/docker:index:Container\s+sleeper-1\s+create/);
  expect(preview).toMatch(/command:local:Command\s+release-recorded\s+create/);
});

test("`up` resolves the outputs and deploys there", async () => {
  await pulumi("up", "--yes", "--skip-preview", "--stack", "test");
  expect(await server.docker("ps", "--format", "{{.Names}}")).toMatch(/^sleeper-1-\w+$/);
  expect(await server.docker("images", "--format", "{{.Repository}}:{{.Tag}}")).toContain("lodger-test/release:1");
  expect(JSON.parse(await pulumi("stack", "output", "--json", "--stack", "test"))).toEqual({ address: server.address });
});

test("the server's connection details are plain text in the state, where every command finds them", async () => {
  const { deployment } = JSON.parse(await pulumi("stack", "export", "--stack", "test"));
  const { outputs } = deployment.resources.find(({ type }: { type: string }) => type === "berth:host:Server");
  expect(outputs).toMatchObject({
    address: server.address,
    reach: expect.stringMatching(/^ssh -T .*KnownHostsCommand/),
  });
  const { stdout } = await execa("sh", ["-c", `${outputs.reach} -- hostname`]);
  expect(stdout).toBe(server.container);
});

test("a second `up` changes nothing", async () => {
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", "test");
});
