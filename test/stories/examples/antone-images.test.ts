/** @module-tag extended */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deployment } from "../../support/deployment";
import { foundIn } from "../../support/image-layers";

/** Stands for any secret beside the sources. */
const SECRET = `sk-${randomBytes(20).toString("hex")}`;
/** Part of the names of files that no image may have. */
const NAMED = randomBytes(10).toString("hex");
const API_URL = "https://api.antone.example.org";
const built = new Set<string>();
let deployment: Deployment;

beforeAll(async () => {
  deployment = await Deployment.copy("antone-images", {}, { project: "examples/antone" });
  const files = [".env", `.env.${NAMED}`, "packages/api/.env", `packages/dashboard/.env.${NAMED}`];
  for (const file of [...files, `packages/api/${NAMED}.key`, `packages/worker/${NAMED}.pem`]) {
    deployment.write(`app/${file}`, `TWITTER_API_KEY=${SECRET}\n`);
  }
  // Forces an uncached first build: no cache has the steps after this label, and the label identifies everything to
  // remove.
  for (const file of ["app/Dockerfile", "app/packages/dashboard/Dockerfile"]) {
    deployment.edit(file, (text) => text.replaceAll(/^FROM node:.*$/gm, `$&\nLABEL berth.test=${deployment.stack}`));
  }
});

afterAll(async () => {
  if (built.size > 0) await execa("docker", ["rmi", "--force", ...built]);
  await execa("docker", ["image", "prune", "--force", "--filter", `label=berth.test=${deployment.stack}`]);
  deployment?.remove();
});

interface Built {
  image: string;
  /** Steps that install packages, and how many of them were cached. */
  installs: { steps: number; cached: number };
  seconds: number;
}

/** Builds as the program does. */
async function build(what: string, ...words: string[]): Promise<Built> {
  const image = `${deployment.stack}/${what}`;
  const began = Date.now();
  const { all } = await execa("docker", ["build", "--tag", image, ...words, deployment.path("app")], {
    all: true,
    env: { DOCKER_BUILDKIT: "0" },
  });
  built.add(image);
  const steps = all.split(/^Step /m).filter((step) => /^\S+ : RUN .*(pnpm install|corepack install)/.test(step));
  const cached = steps.filter((step) => step.includes("Using cache")).length;
  return { image, installs: { steps: steps.length, cached }, seconds: Math.round((Date.now() - began) / 1000) };
}

const production = {
  backend: (tag: string) => build(`backend:${tag}`, "--target", "production"),
  dashboard: (tag: string, ...words: string[]) => {
    const dockerfile = ["--file", deployment.path("app/packages/dashboard/Dockerfile")];
    return build(`dashboard:${tag}`, "--target", "production", ...dockerfile, ...words);
  },
};

const layers = async (image: string): Promise<string[]> =>
  JSON.parse((await execa("docker", ["image", "inspect", "--format", "{{json .RootFS.Layers}}", image])).stdout);

/** The ports that an image exposes. */
const configuredPorts = async (image: string): Promise<string[]> => {
  const words = ["image", "inspect", "--format", "{{json .Config.ExposedPorts}}", image];
  return Object.keys(JSON.parse((await execa("docker", words)).stdout) ?? {});
};

/** Output of a command in a container of an image. */
const printed = async (image: string, command: string): Promise<string> =>
  (await execa("docker", ["run", "--rm", "--network", "none", image, "sh", "-c", command])).stdout;

describe.each([
  [
    "backend",
    { edited: "packages/worker/src/index.ts", edit: "console.log('edited');\n", layers: 2, port: "3001/tcp" },
    ["packages/worker/dist/sinks/reddit.js", "in the worker's log"],
  ],
  [
    "dashboard",
    {
      edited: "packages/dashboard/src/sign-in.tsx",
      edit: "// edited\nexport const edited = 1;\n",
      layers: 2,
      port: "3000/tcp",
    },
    ["packages/dashboard/.next/BUILD_ID", "The API does not answer. Try again in a moment."],
  ],
] as const)("the image of the %s", (what, release, there) => {
  let first: Built;
  beforeAll(async () => {
    first = await production[what]("1");
  });

  test("has no secret and no secret file in any layer, though the build folder has them", async () => {
    // A file name and a text that only layers contain are found, which proves that the search works.
    const { stdout: told } = await execa("docker", ["image", "inspect", first.image]);
    const { stdout: history } = await execa("docker", ["history", "--no-trunc", first.image]);
    for (const text of there) expect(told + history).not.toContain(text);
    const found = await foundIn(spawn("docker", ["save", first.image]).stdout, [SECRET, NAMED, ...there]);
    expect(found).toEqual([...there].sort());
  });

  test("reuses installed dependencies after an edit: only the layers of the build differ", async () => {
    expect(first.installs.steps).toBeGreaterThan(0);
    expect(first.installs.cached).toBe(0);
    deployment.edit(`app/${release.edited}`, (code) => code + release.edit);
    const second = await production[what]("2");
    expect(second.installs).toEqual({ steps: first.installs.steps, cached: first.installs.steps });
    const [before, after] = [await layers(first.image), await layers(second.image)];
    expect(after).toHaveLength(before.length);
    const kept = before.filter((layer, index) => after[index] === layer).length;
    // Of the backend the worker's folder and the one that sets permissions, of the dashboard everything it consists of.
    expect(before.length - kept).toBe(release.layers);
    console.log(
      `${what}: built in ${first.seconds} s at first and in ${second.seconds} s after an edit of code, which keeps ${kept} of ${before.length} layers`,
    );
  });

  test("runs as user and group 1001 on Node.js 24, exposes its port, and has no TypeScript compiler", async () => {
    expect(await printed(first.image, "node --version")).toMatch(/^v24\./);
    expect(await configuredPorts(first.image)).toEqual([release.port]);
    expect(await printed(first.image, "id")).toBe("uid=1001(antone) gid=1001(nodejs) groups=1001(nodejs)");
    const compilers = "find / -path /proc -prune -o -path '*/typescript/package.json' -print 2>/dev/null; true";
    expect(await printed(first.image, compilers)).toBe("");
  });
});

test("the backend's image has the build and its production dependencies, without sources and types", async () => {
  // pnpm's own folder also has the types that node-pg-migrate requests as a peer.
  const found = "find . -path './node_modules/.pnpm' -prune -o -path './packages/*/src' -print -o -name @types -print";
  const { image } = await production.backend("whole");
  const needed = await printed(image, "ls packages/*/dist/index.js packages/*/node_modules");
  for (const what of ["packages/worker/dist/index.js", "hono", "pg-boss"]) expect(needed).toContain(what);
  expect(await printed(image, found)).toBe("");
  // The development image has them, which proves that the search works.
  const development = await build("backend:development", "--target", "development");
  const there = (await printed(development.image, found)).split("\n");
  expect(there).toEqual(expect.arrayContaining(["./packages/api/src", "./packages/database/node_modules/@types"]));
});

test("corepack installs pnpm 10 without the network, in the version of package.json", async () => {
  const { image } = await build("backend:base", "--target", "base");
  const { packageManager } = JSON.parse(readFileSync(deployment.path("app/package.json"), "utf8"));
  const version = await printed(image, "pnpm --version");
  expect(version).toMatch(/^10\./);
  expect(`pnpm@${version}`).toBe(String(packageManager).replace(/\+.*/, ""));
});

test("one command builds both images, starts each alone, and leaves nothing behind", async () => {
  const { all } = await execa(deployment.path("test-images.sh"), { all: true, env: { DOCKER_BUILDKIT: "0" } });
  expect(all).toContain("Both images are built, and API, worker and dashboard start.");
  for (const words of [
    ["ps", "--all"],
    ["image", "ls"],
    ["network", "ls"],
  ]) {
    expect((await execa("docker", words)).stdout, words.join(" ")).not.toContain("antone-image-test-");
  }
});

test("the dashboard's pages call the API at NEXT_PUBLIC_API_URL", async () => {
  const named = await production.dashboard("api-elsewhere", "--build-arg", `NEXT_PUBLIC_API_URL=${API_URL}`);
  const scripts = `grep -rlF '${API_URL}' packages/dashboard/.next/static || true`;
  expect(await printed(named.image, scripts)).toMatch(/^packages\/dashboard\/\.next\/static\/\S+\.js/);
  expect(await printed((await production.dashboard("same-origin")).image, scripts)).toBe("");
  // It is part of the build, so it costs a build, but no installation.
  expect(named.installs.cached).toBe(named.installs.steps);
});
