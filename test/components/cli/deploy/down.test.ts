import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
let bin: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-down-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  standIn(
    "pulumi",
    `case $* in
       version*) echo v3.270.0 ;;
       *export*) cat ${folder}/state ;;
       destroy*) echo destroyed >>${folder}/calls ;;
     esac`,
  );
  standIn(
    "docker",
    `case $* in
       version*) echo 29.0.0 ;;
       "volume ls"*) printf 'shop-dev-data\\nshop-dev-earlier\\n' ;;
       "volume rm"*) echo "$*" >>${folder}/calls ;;
     esac`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A stub for the program with that name. */
function standIn(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** A deployed stack with a volume that Pulumi keeps; `reach` is the ssh command line to its server. */
function deployed(reach: string, ...others: { urn: string; type: string }[]): void {
  const resources = [
    ...others,
    { urn: "urn:pulumi:dev::shop::berth:host:Server::server", type: "berth:host:Server", outputs: { reach } },
    {
      urn: "urn:pulumi:dev::shop::docker:index/volume:Volume::data",
      type: "docker:index/volume:Volume",
      outputs: { name: "shop-dev-data" },
      retainOnDelete: true,
    },
  ];
  writeFileSync(join(folder, "state"), JSON.stringify({ version: 3, deployment: { resources } }));
}

function down(...words: string[]) {
  const { exitCode, all } = execaSync("node", [resolve("components/cli/bin.js"), "down", "--stack", "dev", ...words], {
    reject: false,
    all: true,
    cwd: folder,
    input: "dev\n",
    env: { PATH: `${bin}:${process.env.PATH}`, PULUMI_CONFIG_PASSPHRASE: "" },
  });
  return { exitCode, output: String(all) };
}

const calls = () => (existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "");

test("the volumes are kept by default", () => {
  deployed("");
  expect(down("--yes")).toMatchObject({ exitCode: 0, output: expect.stringContaining("Its data is kept") });
  expect(calls()).toBe("destroyed\n");
});

test("a site behind the front door says what becomes of the front door", () => {
  deployed("");
  expect(down("--yes").output).not.toContain("front door");
  deployed("", { urn: "urn:pulumi:dev::shop::berth:door:Door::nginx-door", type: "berth:door:Door" });
  expect(down("--yes").output).toContain("It stays for the other sites, and is removed with the last one.");
});

test("--delete-data deletes all volumes of a stack on this machine, after it has named them", () => {
  deployed("");
  const { exitCode, output } = down("--yes", "--delete-data");
  expect(output).toContain("DELETES ITS DATA, as --delete-data requests: the volumes shop-dev-data, shop-dev-earlier.");
  expect(exitCode).toBe(0);
  expect(calls()).toBe("destroyed\nvolume rm shop-dev-data\nvolume rm shop-dev-earlier\n");
});

test("--delete-data changes nothing without an answer", () => {
  deployed("");
  const { exitCode, output } = down("--delete-data");
  expect(output).toContain("To run it without a question: npx berth down --yes --delete-data --stack dev");
  expect(exitCode).toBe(1);
  expect(calls()).toBe("");
});

test("--delete-data is refused for a stack on a server, whose data needs two commands", () => {
  deployed("ssh 203.0.113.7");
  const { exitCode, output } = down("--yes", "--delete-data");
  expect(output).toContain("pulumi config set forceDestroyData dev --stack dev");
  expect(exitCode).toBe(1);
  expect(calls()).toBe("");
});
