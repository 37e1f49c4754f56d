import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manifest } from "../../../components/build/context";
import { releaseFiles } from "../../../components/release/files";
import { PACK } from "../../../components/release/pack-command";

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
  test("are the listed ones without hidden files", () => {
    expect(releaseFiles(folder)).toEqual([
      "backend/.dockerignore",
      "backend/mails/views.py",
      "backend/manage.py",
      "index.ts",
      "release.files",
    ]);
  });

  test("contain the lock of base images, listed or not, but none of a subfolder", () => {
    write("berth.lock");
    write("notes/berth.lock");
    expect(releaseFiles(folder)).toContain("berth.lock");
    expect(releaseFiles(folder)).not.toContain("notes/berth.lock");
  });

  test("must be listed", () => {
    rmSync(join(folder, "release.files"));
    expect(() => releaseFiles(folder)).toThrow("There is no release.files");
  });

  test("must contain what Pulumi needs to start the program", () => {
    write("tsconfig.pulumi.json");
    const project =
      "name: shop\nmain: ./index.ts\nruntime:\n  name: nodejs\n  options:\n    tsconfig: tsconfig.pulumi.json\n";
    write("Pulumi.yaml", project);
    expect(() => releaseFiles(folder)).toThrow("leaves out Pulumi.yaml and tsconfig.pulumi.json");
    write("release.files", "*.ts\nPulumi.yaml\ntsconfig.pulumi.json\n");
    expect(releaseFiles(folder)).toEqual(["Pulumi.yaml", "index.ts", "tsconfig.pulumi.json"]);
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: backend\n");
    expect(releaseFiles(folder)).toContain("Pulumi.yaml");
  });

  test("of this project contain everything its deployment needs, and no secret", () => {
    const files = releaseFiles();
    expect(files).toEqual(expect.arrayContaining(["index.ts", "Pulumi.yaml", "package-lock.json", "nginx/nginx.conf"]));
    expect(files.filter((file) => /^\.|(^|\/)passphrase$|Pulumi\.\w+\.yaml|node_modules/.test(file))).toEqual([]);
  });

  test.each([
    [".", "stack/backend-containers.ts"],
    ["examples/antone", "containers.ts"],
    ["examples/devportal", "development.ts"],
    ["examples/seculite", "vite-server.ts"],
  ])("of %s contain every module that its program imports, such as %s", (project, module) => {
    const imported = modules(project, "index.ts");
    expect(imported).toContain(module);
    expect(releaseFiles(project)).toEqual(expect.arrayContaining([...imported]));
  });
});

test("only files the server lacks are sent, with the full list", async () => {
  const before = manifest(folder, releaseFiles(folder));
  expect(await packed("")).toEqual([...releaseFiles(folder), "release.manifest"]);
  expect(await packed(before)).toEqual(["release.manifest"]);
  write("index.ts", "edited");
  chmodSync(join(folder, "backend/manage.py"), 0o755);
  write("backend/a new one.py");
  rmSync(join(folder, "backend/mails/views.py"));
  expect(await packed(before)).toEqual(["backend/a new one.py", "backend/manage.py", "index.ts", "release.manifest"]);
});

test("a symbolic link keeps its target", async () => {
  symlinkSync("manage.py", join(folder, "backend/link"));
  expect((await packed("", "--verbose")).join("\n")).toMatch(/backend\/link -> manage\.py$/m);
});

test("a line with the origin precedes the sources", async () => {
  const origin = async (cwd = folder) => {
    const out = await pack("", cwd);
    const [by, ...source] = Buffer.from(out.subarray(0, out.indexOf("\n")).toString(), "base64")
      .toString()
      .split("\n");
    // The person: pack.test.ts.
    expect(by).toMatch(/^by=./);
    return source.join("\n");
  };
  expect(await origin()).toBe("");
  const git = (...words: string[]) =>
    execa("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...words], { cwd: folder });
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "first: make $it");
  const { stdout: commit } = await git("rev-parse", "HEAD");
  expect(await origin()).toBe(`commit=${commit}\nsubject=first: make $it\n`);
  write("index.ts", "edited");
  expect(await origin()).toBe(`commit=${commit}\nsubject=first: make $it\nedited=true\n`);
  write("release.origin", "commit=abc\nrollback-to=3\nimage.backend=mailtracker/backend:1\n");
  expect(await origin()).toBe("commit=abc\nrollback-to=3\n");
});

test("names of any length and characters are readable by the server's tar", async () => {
  const names = [`backend/${"long/".repeat(40)}${"x".repeat(120)}`, "backend/@ umlaut ü.py", "backend/-dash"];
  for (const name of names) write(name, name);
  expect(await packed("")).toEqual(expect.arrayContaining(names));
});

/** A module of a project and those that it imports by relative paths, directly or not. */
function modules(project: string, module: string, found = new Set<string>()): Set<string> {
  if (found.has(module)) return found;
  found.add(module);
  for (const [, path = ""] of readFileSync(join(project, module), "utf8").matchAll(/from "(\.[^"]+)"/g)) {
    const name = join(module, "..", path);
    const file = [name, `${name}.ts`, `${name}/index.ts`].find((one) => isFile(join(project, one)));
    if (!file) throw new Error(`${module} imports ${path}, which does not exist`);
    modules(project, file, found);
  }
  return found;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Output of a release's upload program for a server that has the files of a manifest. */
async function pack(known: string, cwd = folder): Promise<Buffer> {
  mkdirSync(join(cwd, "node_modules"), { recursive: true });
  rmSync(join(cwd, "node_modules/berth"), { force: true });
  symlinkSync(resolve("components"), join(cwd, "node_modules/berth"));
  const input = `${known}\n${manifest(cwd, releaseFiles(cwd))}`;
  const { stdout } = await execa("sh", ["-c", PACK], { cwd, input, encoding: "buffer" });
  return Buffer.from(stdout);
}

/** The files sent to a server that has those of a manifest, as its tar lists them. */
async function packed(known: string, ...options: string[]): Promise<string[]> {
  const list = ["--quoting-style=literal", "--list", "--gzip", ...options];
  const out = await pack(known);
  const { stdout: names } = await execa("tar", list, { input: out.subarray(out.indexOf("\n") + 1) });
  return names.split("\n").map((name) => name.replace(/^release\//, ""));
}
