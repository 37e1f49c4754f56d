import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deploy } from "../../../../components/cli/deploy/deploy.mts";

let folder: string;
const terminal = process.stdin.isTTY;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deploy-"));
  program("pulumi", `case $2 in export) cat ${folder}/state ;; esac`);
  program("ssh", 'case " $* " in *" -O check "*) exit 0 ;; esac');
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  vi.spyOn(console, "log").mockReturnValue();
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(folder, "Pulumi.prod.yaml"), "config:\n  serverHost: 203.0.113.7\n");
  state([]);
  process.stdin.isTTY = true;
});
afterEach(() => {
  process.stdin.isTTY = terminal;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\necho "${name} $*" >>${folder}/calls\n`);
  chmodSync(join(folder, name), 0o755);
}

interface Resource {
  name: string;
  type: string;
  /** Types of its parents, as they stand in its URN. */
  parents?: string;
  outputs?: Record<string, unknown>;
}

/** Writes the state that Pulumi exports: a prepared server, and these resources. */
function state(more: Resource[]): void {
  const resources = [
    { name: "shop-prod", type: "pulumi:pulumi:Stack", outputs: { url: "https://shop.example.org" } },
    { name: "server", type: "berth:host:Server", outputs: { reach: "ssh host" } },
    { name: "server-prepared", type: "command:local:Command" },
    ...more,
  ].map(({ name, type, parents = "", ...rest }: Resource) => ({
    urn: `urn:pulumi:prod::shop::${parents}${type}::${name}`,
    type,
    ...rest,
  }));
  writeFileSync(join(folder, "state"), JSON.stringify({ version: 3, deployment: { resources } }));
}

/** The calls of programs, without the question whether the connection is open, which goes nowhere. */
async function callsOf(options?: { undisturbed: boolean }): Promise<string[]> {
  const stack = { name: "prod", project: { name: "shop", folder, backend: "" } };
  await deploy(stack, { settings: "Pulumi.prod.yaml" }, options);
  const calls = readFileSync(join(folder, "calls"), "utf8").split("\n");
  return calls.filter((call) => /^(pulumi|ssh) /.test(call) && !call.includes(" -O check"));
}

test("a deployment without drift reads the state once, looks at the server once, and then runs Pulumi", async () => {
  const calls = await callsOf();
  expect(calls.map((call) => call.split(" ").slice(0, 3).join(" "))).toEqual([
    "pulumi stack export",
    "ssh host --",
    "pulumi up --stack",
  ]);
});

test("a deployment of a server that was just looked at does not look again", async () => {
  const calls = await callsOf({ undisturbed: true });
  expect(calls.map((call) => call.split(" ").slice(0, 2).join(" "))).toEqual(["pulumi stack", "pulumi up"]);
});

test("F41: a renamed stack is refused before the server is looked at and before Pulumi runs", async () => {
  state([
    {
      name: "data",
      type: "docker:index/volume:Volume",
      parents: "berth:data:Volume$",
      outputs: { name: "shop-live-data" },
    },
  ]);
  await expect(callsOf()).rejects.toThrow("The data of this stack is in the volumes of shop-live");
  expect(readFileSync(join(folder, "calls"), "utf8")).not.toMatch(/^(ssh|pulumi up)/m);
});
