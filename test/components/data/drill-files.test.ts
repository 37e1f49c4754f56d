import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

/** Names that a file system can hold. */
const NAMES = [
  "plain",
  "two words",
  " spaces ",
  "-n",
  "*",
  "a'b\"c",
  "back\\slash",
  "line\nbreak",
  "ü漢",
  "$(id)",
  ".hidden",
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drill-files-"));
  for (const path of ["backup/files/pdfs/fol\nder", "work", "stage"])
    mkdirSync(join(folder, path), { recursive: true });
  for (const name of NAMES) write(`backup/files/pdfs/${name}`, name);
  write("backup/files/pdfs/fol\nder/inside", "inside");
  write("ready", "");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  writeFileSync(join(folder, path), content);
  utimesSync(join(folder, path), 1_700_000_000, 1_700_000_000);
}

/** Compares the files in use with a backup of them that `change` alters. */
function compared(change: (restored: string) => void = () => undefined) {
  cpSync(join(folder, "backup"), join(folder, "snapshot"), { recursive: true, preserveTimestamps: true });
  change(join(folder, "snapshot/files/pdfs"));
  const script = readFileSync("components/data/backups/drill-files.sh", "utf8")
    .replaceAll("/tmp/ready", `${folder}/ready`)
    .replaceAll("/work/", `${folder}/work/`)
    .replaceAll("/backup/files", `${folder}/backup/files`);
  const stub = `unpack_snapshot() { cp -a ${folder}/snapshot/files "$2"; }
drilled=1 taken=$(($(date +%s) + 2)) stage=${folder}/stage`;
  return execaSync("sh", ["-c", `${script}\n${stub}\ncompare_files`], { reject: false, all: true });
}

test("a drill compares files of every name, but for those with a line break, which do not fail it", () => {
  const { exitCode, all } = compared();
  expect(all).toBe(`files: ${NAMES.length - 1} restored, ${NAMES.length - 1} equal to those in use, 0 changed since`);
  expect(exitCode).toBe(0);
});

test.each(NAMES.filter((name) => !name.includes("\n")))("a drill finds that the file %j has other content", (name) => {
  const { exitCode, all } = compared((restored) => {
    const file = join(restored, name);
    writeFileSync(file, "x".repeat(Buffer.byteLength(name)));
    utimesSync(file, 1_700_000_000, 1_700_000_000);
  });
  expect(all).toContain(`${name} differs from the backup`);
  expect(exitCode).toBe(1);
});

test("a drill finds that a file is missing, and accepts one that grew since", () => {
  expect(compared((restored) => rmSync(join(restored, "two words"))).all).toContain("two words is not in the backup");
  rmSync(join(folder, "stage"), { recursive: true });
  mkdirSync(join(folder, "stage"));
  rmSync(join(folder, "snapshot"), { recursive: true });
  expect(compared((restored) => appendFileSync(join(restored, "plain"), "more")).all).toContain("1 changed since");
});
