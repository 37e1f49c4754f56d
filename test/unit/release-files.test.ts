import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manifest } from "../../components/build/context";
import { releaseFiles } from "../../components/release/files";

let folder: string;
const write = (file: string, text = "") => {
  mkdirSync(join(folder, file, ".."), { recursive: true });
  writeFileSync(join(folder, file), text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "release-"));
  write("release.files", "# comment\n*.ts\nrelease.files\nbackend\n!backend/fonts\n");
  for (const file of ["index.ts", ".env", "passphrase", "notes.md", "node_modules/big/index.ts"]) write(file);
  for (const file of ["manage.py", "mails/views.py", ".env", "fonts/large.ttf"]) write(`backend/${file}`);
  write("backend/.dockerignore", "manage.py\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the files of a release", () => {
  test("are those that are named, without what is hidden", () => {
    expect(releaseFiles(folder)).toEqual([
      "backend/.dockerignore",
      "backend/mails/views.py",
      "backend/manage.py",
      "index.ts",
      "release.files",
    ]);
  });

  test("have to be named", () => {
    rmSync(join(folder, "release.files"));
    expect(() => releaseFiles(folder)).toThrow("There is no release.files");
  });

  test("of this project have all it is deployed with, and no secret", () => {
    const files = releaseFiles();
    expect(files).toEqual(expect.arrayContaining(["index.ts", "Pulumi.yaml", "package-lock.json", "nginx/nginx.conf"]));
    expect(files.filter((file) => /^\.|(^|\/)passphrase$|Pulumi\.\w+\.yaml|node_modules/.test(file))).toEqual([]);
  });
});

test("only what the server lacks is sent, and the list of all", async () => {
  const before = manifest(folder, releaseFiles(folder));
  expect(await packed("")).toEqual([...releaseFiles(folder), "release.manifest"]);
  expect(await packed(before)).toEqual(["release.manifest"]);
  write("index.ts", "edited");
  chmodSync(join(folder, "backend/manage.py"), 0o755);
  write("backend/a new one.py");
  rmSync(join(folder, "backend/mails/views.py"));
  expect(await packed(before)).toEqual(["backend/a new one.py", "backend/manage.py", "index.ts", "release.manifest"]);
});

test("a link leads where it led", async () => {
  symlinkSync("manage.py", join(folder, "backend/link"));
  expect((await packed("", "--verbose")).join("\n")).toMatch(/backend\/link -> manage\.py$/m);
});

/** The files that go to a server that has those of a manifest. */
async function packed(known: string, ...options: string[]): Promise<string[]> {
  const pack = resolve("components/release/scripts/pack.sh");
  const input = `${known}\n${manifest(folder, releaseFiles(folder))}`;
  const list = 'sh "$0" | tail -n +2 | tar --list --gzip "$@"';
  const { stdout: names } = await execa("sh", ["-c", list, pack, ...options], { cwd: folder, input });
  return names.split("\n").map((name) => name.replace(/^release\//, ""));
}
