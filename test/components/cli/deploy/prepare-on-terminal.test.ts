import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareOnTerminal } from "../../../../components/cli/deploy/prepare-on-terminal.mts";
import { parseState } from "../../../../components/model/state";

let folder: string;
let commands: string[];
const terminal = process.stdin.isTTY;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "on-terminal-"));
  writeFileSync(join(folder, "calls"), "");
  program("ssh", "exit 255");
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  settings("203.0.113.7");
  commands = [];
  process.stdin.isTTY = true;
});
afterEach(() => {
  process.stdin.isTTY = terminal;
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} >>${folder}/calls\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

function settings(serverHost: string): void {
  const server = serverHost && `\n  serverHost: ${serverHost}\n  serverHostKey: ssh-ed25519 AAAA`;
  writeFileSync(join(folder, "Pulumi.prod.yaml"), `config:\n  tls: "off"${server}\n`);
}

/** A state with commands of these names. */
function stateWith(names: string[]) {
  const type = "command:local:Command";
  const resources = names.map((name) => ({ urn: `urn:pulumi:prod::shop::${type}::${name}`, type }));
  return parseState(JSON.stringify({ version: 3, deployment: { resources } }));
}

/** The programs that were started. */
async function started(): Promise<string[]> {
  await prepareOnTerminal({ name: "prod", project: { name: "shop", folder, backend: "" } }, stateWith(commands));
  return readFileSync(join(folder, "calls"), "utf8").trim().split("\n").filter(Boolean);
}

test("a server that the stack was not deployed to is looked at, and left to Pulumi where it does not answer", async () => {
  expect(await started()).toEqual(["ssh"]);
});

test("a prepared server is not looked at again", async () => {
  commands = ["server-prepared"];
  expect(await started()).toEqual([]);
});

test("nothing is looked at without a terminal, or without a server", async () => {
  settings("");
  expect(await started()).toEqual([]);
  settings("203.0.113.7");
  process.stdin.isTTY = false;
  expect(await started()).toEqual([]);
});
