import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bin-"));
  copyFileSync("components/cli/bin.js", join(folder, "bin.js"));
  writeFileSync(join(folder, "main.mjs"), "console.log('started by', process.versions.node);");
  // Applies to the first Node.js only.
  writeFileSync(
    join(folder, "old.cjs"),
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });",
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Installs the npm package `node` with a program; without one, as npm does with ignore-scripts. */
function install(program?: string): void {
  const home = join(folder, "node_modules/node");
  mkdirSync(join(home, "bin"), { recursive: true });
  writeFileSync(join(home, "package.json"), '{ "name": "node" }');
  if (program === undefined) return;
  writeFileSync(join(home, "bin/node"), `#!/bin/sh\n${program}\n`);
  chmodSync(join(home, "bin/node"), 0o755);
}

const start = () =>
  execaSync("node", ["-r", join(folder, "old.cjs"), join(folder, "bin.js")], { reject: false, all: true });

describe("F18: berth on Node.js 20", () => {
  test("uses the Node.js that npm installed beside it", () => {
    install('case "$1" in --version) echo v22.23.3 ;; *) echo "newer: $1" ;; esac');
    expect(start()).toMatchObject({ exitCode: 0, all: expect.stringMatching(/^newer: .*bin\.js$/) });
  });

  test.each([
    ["npm installed none, as with ignore-scripts", () => install()],
    ["npm installed an old one", () => install("echo v22.3.0")],
    ["the package is missing", () => undefined],
  ])("fails with what to do where %s", (_, prepare) => {
    prepare();
    const { exitCode, all } = start();
    expect(exitCode).toBe(1);
    expect(all).toMatch(/^berth needs Node\.js 22\.18 or later; this is 20\.20\.2 /);
    expect(all).toContain("npm must be allowed to run install scripts");
  });
});
