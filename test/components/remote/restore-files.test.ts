import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

/** The script's functions, with a folder in place of a container that has the volume. */
const FUNCTIONS = readFileSync("components/remote/scripts/restore-volumes.sh", "utf8").replace(
  /^in_volume\(\) \{[\s\S]*?^\}$/m,
  'in_volume() { (cd "$folder/volume" && sh -euc "$1"); }',
);
const IN_USE = { letter: "in use", invoice: "in use", "a folder": "in use" };
const RESTORED = { letter: "restored", invoice: "restored", another: "restored" };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-restore-"));
  mkdirSync(join(folder, "bin"));
  // Allows the given number of moves and ignores all later ones, like a process that was killed.
  writeFileSync(
    join(folder, "bin", "mv"),
    `#!/bin/sh
left=$(cat ${folder}/left); [ "$left" -gt 0 ] || exit 1
echo $((left - 1)) >${folder}/left; exec /bin/mv "$@"
`,
  );
  chmodSync(join(folder, "bin", "mv"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function fresh(): void {
  rmSync(join(folder, "volume"), { recursive: true, force: true });
  mkdirSync(join(folder, "volume", ".berth-restoring"), { recursive: true });
  write("volume", IN_USE);
  write("volume/.berth-restoring", RESTORED);
}

function write(where: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, where, name), text);
}

/** Calls a function that gets as far as the given number of moves. */
function call(name: string, moves = 1000): boolean {
  writeFileSync(join(folder, "left"), String(moves));
  const env = { PATH: `${join(folder, "bin")}:${process.env.PATH}`, folder };
  return !execaSync("sh", ["-c", `${FUNCTIONS}\n${name}`], { env, reject: false }).failed;
}

const there = () =>
  Object.fromEntries(
    readdirSync(join(folder, "volume"), { withFileTypes: true }).map((entry) => [
      entry.name,
      entry.isDirectory() ? "folder" : readFileSync(join(folder, "volume", entry.name), "utf8"),
    ]),
  );

test("restored files are exchanged with those in use, and back", () => {
  fresh();
  expect(call("exchange_files")).toBe(true);
  expect(there()).toEqual({ ...RESTORED, ".berth-before": "folder" });
  expect(call("put_back_files")).toBe(true);
  expect(there()).toEqual(IN_USE);
});

test("an exchange interrupted at any step is reverted, even when the revert is interrupted", () => {
  // Three moves in each direction, and one that marks the half.
  for (let exchanged = 0; exchanged <= 7; exchanged++) {
    for (let back = 0; back <= 8; back++) {
      fresh();
      expect(call("exchange_files", exchanged)).toBe(exchanged === 7);
      call("put_back_files", back);
      expect(call("put_back_files")).toBe(true);
      expect(there(), `after ${exchanged} and ${back} moves`).toEqual(IN_USE);
    }
  }
});
