import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
    expect(files.filter((file) => /^\.|passphrase|Pulumi\.\w+\.yaml|node_modules/.test(file))).toEqual([]);
  });
});
