import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

// A copy of the files engine.sh needs, with stubs for the programs it calls.
let repo: string;
let bin: string;

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), "berth-offline-"));
  bin = join(repo, "bin");
  for (const module of ["engine", "plugins"]) mkdirSync(join(repo, "offline/go", module), { recursive: true });
  mkdirSync(bin);
  const files = ["engine.sh", "go/engine/go.mod", "go/plugins/go.mod"].map((file) => `offline/${file}`);
  for (const file of ["package.json", ...files]) {
    cpSync(file, join(repo, file));
  }
  // engine.sh runs pulumi.mts with the installed Node.js.
  for (const shared of ["node_modules", "components", "offline/pulumi.mts"]) {
    symlinkSync(join(process.cwd(), shared), join(repo, shared));
  }
  answerDownloads("throw new Error('no network')");
});

afterEach(() => rmSync(repo, { recursive: true, force: true }));

function program(name: string, script: string, directory = bin): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, name), 0o755);
}

// Only the standard tools, without the machine's own Go or Pulumi.
function path(): string {
  const tools =
    "bash sh env cat cksum find sort xargs sed head tail tr grep mkdir mv rm dirname basename uname sleep tar gzip cp chmod base64 ln touch";
  for (const tool of tools.split(" ")) {
    const found = spawnSync("bash", ["-c", `type -P ${tool}`], { encoding: "utf8" }).stdout.trim();
    if (!existsSync(join(bin, tool))) program(tool, `exec ${found} "$@"`);
  }
  return bin;
}

/** Replaces fetch in pulumi.mts by a function with this body. */
function answerDownloads(body: string): void {
  const imports = 'import { readFileSync, writeFileSync } from "node:fs";';
  writeFileSync(join(repo, "fetch.mjs"), `${imports}\nglobalThis.fetch = async (url) => { ${body} };\n`);
}

function bash(script: string, environment: Record<string, string> = {}) {
  const ran = spawnSync("/bin/bash", ["-c", script], {
    cwd: repo,
    encoding: "utf8",
    env: { PATH: path(), HOME: repo, NODE_OPTIONS: `--import=${join(repo, "fetch.mjs")}`, ...environment },
  });
  return { status: ran.status, output: ran.stdout, errors: ran.stderr };
}

const install = () => bash("offline/engine.sh");
const installed = (file: string) => existsSync(join(repo, ".pulumi-home", file));

// A Go stub that "builds" scripts and records the call.
function standInGo(version: string): void {
  program(
    "go",
    `case "$*" in
       "env GOVERSION") echo go${version} ;;
       "list -f {{.ImportPath}} tool") echo example/pulumi ;;
       "list -m "*) echo v3.274.1 ;;
       build*) echo "$@" >> ${repo}/builds
         case "$PWD" in
           */engine) made="pulumi pulumi-language-nodejs" ;;
           */plugins) made="pulumi-resource-docker pulumi-resource-command pulumi-resource-random" ;;
         esac
         while [ "$1" != -o ]; do shift; done
         for name in $made; do touch "$2$name"; done ;;
     esac`,
  );
}

const builds = () => readFileSync(join(repo, "builds"), "utf8").trim().split("\n");

describe("engine.sh", () => {
  test("uses a recent Pulumi installation unchanged", () => {
    program("pulumi", "echo v3.200.1");
    expect(install()).toMatchObject({ status: 0, errors: "" });
    expect(installed("installed")).toBe(false);
  });

  test("builds from Go modules when no download is available, with the versions of package.json", () => {
    program("pulumi", "echo v3.99.0");
    standInGo("1.27.0");
    const { status, errors } = install();
    expect({ status, errors }).toMatchObject({ status: 0, errors: expect.stringContaining("about 10 minutes") });
    expect(installed("bin/pulumi") && installed("bin/pulumi-language-nodejs")).toBe(true);
    const [engine, plugins] = builds();
    expect(engine).toContain("version.Version=3.274.1");
    expect(engine).toContain("example/pulumi");
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    for (const plugin of ["docker", "command", "random"]) {
      const version = dependencies[`@pulumi/${plugin}`];
      expect(installed(`plugins/resource-${plugin}-v${version}/pulumi-resource-${plugin}`), plugin).toBe(true);
      expect(plugins?.toLowerCase()).toContain(`version.${plugin}=${version}`);
    }
  });

  test("does nothing when everything is built, and rebuilds when a source changes", () => {
    standInGo("1.27.0");
    install();
    expect(install()).toMatchObject({ status: 0, errors: "" });
    expect(builds()).toHaveLength(2);
    writeFileSync(join(repo, "offline/go/plugins/new.go"), "package new\n");
    install();
    expect(builds()).toHaveLength(4);
  });

  test("prefers Pulumi's own download when it is reachable", () => {
    program("pulumi", "echo downloaded", join(repo, "release/pulumi"));
    bash("tar -czf release.tar.gz -C release pulumi");
    answerDownloads(
      `writeFileSync("${repo}/asked", url); return new Response(readFileSync("${repo}/release.tar.gz"));`,
    );
    expect(install().status).toBe(0);
    expect(bash(".pulumi-home/bin/pulumi").output).toBe("downloaded\n");
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(readFileSync(join(repo, "asked"), "utf8")).toContain(`pulumi-v${dependencies["@pulumi/pulumi"]}-`);
    expect(installed("bin/pulumi-language-nodejs")).toBe(false);
    // Nothing is downloaded again.
    rmSync(join(repo, "asked"));
    expect(install()).toMatchObject({ status: 0, errors: "" });
    expect(existsSync(join(repo, "asked"))).toBe(false);
  });

  test("builds from Go modules when the download is no archive, and shows the error", () => {
    standInGo("1.27.0");
    answerDownloads('return new Response("Sign in to this network");');
    const { status, errors } = install();
    expect({ status, errors }).toMatchObject({ status: 0, errors: expect.stringContaining("Error") });
    expect(builds()).toHaveLength(2);
  });

  test("prints advice when nothing works", () => {
    standInGo("1.26.5");
    const { status, errors } = install();
    expect(status).toBe(1);
    expect(errors).toContain("install Pulumi");
    expect(errors).toContain("install Go");
    expect(installed("installed")).toBe(false);
  });
});
