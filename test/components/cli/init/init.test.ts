import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { fingerprintOf } from "../../../../components/cli/init/host-key.mts";
import { init as initWith } from "../../../../components/cli/init/init.mts";
import { mergedManifest } from "../../../../components/cli/init/package-json.mts";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const ON_SERVER = { server: "203.0.113.7", serverUser: "ubuntu", serverHostKey: `${HOST_KEY} me@here`, yes: true };

/** Digests by image, as registries would answer. */
let registry: Record<string, string>;
const look: Parameters<typeof initWith>[2] = async (images) =>
  new Map(
    images.map((image) => {
      const digest = registry[image];
      return [image, digest === undefined ? { problem: "unreachable", detail: "ENOTFOUND" } : { digest }] as const;
    }),
  );
const init = (into: string, options: Parameters<typeof initWith>[1]) => initWith(into, options, look);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "Guest Book-"));
  registry = {};
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (file: string) => readFileSync(join(folder, file), "utf8");
const write = (file: string, text = "") => {
  mkdirSync(join(folder, file, ".."), { recursive: true });
  writeFileSync(join(folder, file), text);
};

describe("a new project without options", () => {
  test("has an example application with a database, for this machine", async () => {
    await init(folder, { name: "guestbook", yes: true });
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining([
        ".gitignore",
        "Pulumi.dev.yaml",
        "Pulumi.yaml",
        "app",
        "index.ts",
        "package.json",
        "release.files",
      ]),
    );
    expect(readdirSync(folder)).not.toContain("Pulumi.prod.yaml");
    expect(readdirSync(join(folder, "app"))).toEqual(
      expect.arrayContaining(["Dockerfile", "server.mjs", "package-lock.json"]),
    );
    expect(read("index.ts")).toContain("new berth.Postgres");
    expect(parse(read("Pulumi.dev.yaml")).config["guestbook:httpAddress"]).toBe("127.0.0.1");
    expect(read(".gitignore")).toBe("node_modules/\n.pulumi-home/\nPulumi.preview-*.yaml\n");
    expect(read(".pulumi-state/.gitignore")).toContain("\n*\n");
  });

  test("gets a name that is valid in an image name", async () => {
    await init(folder, { yes: true });
    expect(parse(read("Pulumi.yaml")).name).toMatch(/^guest-book-[a-z0-9]+/);
  });
});

test("a folder with a Dockerfile is deployed as it is, with its port and health path", async () => {
  write("backend/Dockerfile", "FROM scratch\n");
  await init(folder, {
    name: "site",
    app: "backend/",
    port: "8000",
    health: "/api/health/",
    database: false,
    yes: true,
  });
  const program = read("index.ts");
  expect(program).toContain('context: "./backend"');
  expect(program).toContain("port: 8000");
  expect(program).toContain('PORT: "8000"');
  expect(program).toContain("http://127.0.0.1:8000/api/health/");
  expect(program).not.toContain("Postgres");
  expect(read("release.files")).toMatch(/^backend$/m);
  expect(readdirSync(join(folder, "backend"))).toEqual(["Dockerfile"]);
  expect(readdirSync(folder)).not.toContain("app");
});

test("a server is written to the stack prod, its host key without the comment", async () => {
  await init(folder, { ...ON_SERVER, name: "site", siteName: "www.example.org" });
  expect(parse(read("Pulumi.prod.yaml")).config).toEqual({
    "site:serverHost": "203.0.113.7",
    "site:serverUser": "ubuntu",
    "site:serverHostKey": HOST_KEY,
    "site:siteName": "www.example.org",
    "site:tls": "acme",
  });
});

test("F15: the site of a new project listens on both address families where the server has an IPv6 address", async () => {
  await init(folder, { ...ON_SERVER, server: "2001:db8::7", name: "site" });
  expect(parse(read("Pulumi.prod.yaml")).config["site:httpAddress"]).toBe("0.0.0.0,::");
});

test("a private key below the home folder is written relative to it", async () => {
  await init(folder, { ...ON_SERVER, name: "site", serverKeyFile: join(homedir(), ".ssh", "id_ed25519") });
  expect(parse(read("Pulumi.prod.yaml")).config["site:serverKeyFile"]).toBe("~/.ssh/id_ed25519");
});

test("base images are pinned in berth.lock, which is not ignored; what no registry answers for is left to the first deployment", async () => {
  const digest = `sha256:${"0a".repeat(32)}`;
  const used = [
    "certbot/certbot:v5.8.0",
    "nginx:alpine",
    "node:24-alpine",
    "postgres:16-alpine",
    "restic/restic:0.19.1",
  ];
  registry = Object.fromEntries(used.map((image) => [image, digest]));
  await init(folder, { ...ON_SERVER, name: "site", siteName: "www.example.org" });
  expect(Object.keys(parse(read("berth.lock")).images)).toEqual(used);
  expect(parse(read("berth.lock")).images["nginx:alpine"].digest).toBe(digest);
  expect(read(".gitignore")).not.toContain("berth.lock");
});

test("a project whose base images no registry answers for has no lock yet", async () => {
  await init(folder, { name: "guestbook", yes: true });
  expect(readdirSync(folder)).not.toContain("berth.lock");
});

test("existing files are never overwritten", async () => {
  write("index.ts", "mine");
  write("app/notes.txt");
  await expect(init(folder, { yes: true })).rejects.toThrow("would be overwritten: index.ts");
  rmSync(join(folder, "index.ts"));
  write("index.ts", "mine");
  await expect(init(folder, { app: "api", yes: true })).rejects.toThrow("would be overwritten: index.ts");
  expect(readdirSync(folder).sort()).toEqual(["app", "index.ts"]);
});

test.each([
  [{ name: "Guest Book" }, "--name must be"],
  [{ app: "." }, "--app must be"],
  [{ app: "../other" }, "--app must be"],
  [{ server: "a b" }, "--server must be"],
  [{ ...ON_SERVER, serverPort: "70000" }, "--server-port must be"],
  [{ ...ON_SERVER, serverHostKey: "AAAA" }, "--server-host-key must be"],
  [{ ...ON_SERVER, tls: "acme" }, "--site-name"],
])("%j is rejected before any file is written", async (options, reason) => {
  await expect(init(folder, { ...options, yes: true })).rejects.toThrow(reason);
  expect(readdirSync(folder)).toEqual([]);
});

test("an application folder without a Dockerfile is rejected", async () => {
  write("api/main.py");
  await expect(init(folder, { app: "api", yes: true })).rejects.toThrow("There is no Dockerfile in api");
});

test("missing lines are added to an existing .gitignore", async () => {
  write(".gitignore", "*.log\nnode_modules/");
  await init(folder, { yes: true });
  expect(read(".gitignore")).toBe("*.log\nnode_modules/\n.pulumi-home/\nPulumi.preview-*.yaml\n");
});

describe("package.json", () => {
  const { dependencies } = JSON.parse(readFileSync("components/package.json", "utf8"));
  const shared = ["@pulumi/command", "@pulumi/docker", "@pulumi/pulumi", "@pulumi/random", "typescript"];

  test("keeps existing entries and pins the missing ones", () => {
    const existing = { name: "mine", dependencies: { berth: "file:berth-0.1.0.tgz", zod: "4.0.0" } };
    const merged = JSON.parse(mergedManifest(JSON.stringify(existing), "guestbook"));
    expect(merged.name).toBe("mine");
    expect(merged.dependencies).toEqual({
      ...existing.dependencies,
      ...Object.fromEntries(shared.map((name) => [name, dependencies[name]])),
    });
  });

  test("of type module is rejected", () => {
    expect(() => mergedManifest('{ "type": "module" }', "site")).toThrow('"type": "module"');
  });
});

test("a fingerprint equals the one ssh-keygen prints", async () => {
  const { stdout } = await execa("ssh-keygen", ["-lf", "-"], { input: HOST_KEY });
  expect(stdout.split(" ")[1]).toBe(fingerprintOf(HOST_KEY));
});

test("the command does not prompt without a terminal, and prints the next steps", async () => {
  const berth = resolve("components/cli/bin.js");
  const { stdout } = await execa("node", [berth, "init", "--name", "site", "--no-database"], {
    cwd: folder,
    input: "",
  });
  expect(stdout).toContain("Wrote .gitignore, ");
  expect(stdout).toMatch(/^ {2}npm install +install the packages$/m);
  expect(stdout).toMatch(/^ {2}npx berth up +deploy to this machine's Docker engine$/m);
  expect(read("app/server.mjs")).toContain("It runs");
});
