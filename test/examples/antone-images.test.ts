import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deployment } from "../support/deployment";

/** Stands for every secret somebody may have beside the sources. */
const SECRET = `sk-${randomBytes(20).toString("hex")}`;
/** Is in the name of files that no image may have. */
const NAMED = randomBytes(10).toString("hex");
const built: string[] = [];
let deployment: Deployment;

beforeAll(async () => {
  deployment = await Deployment.copy("antone-images", {}, { project: "examples/antone" });
  const files = [".env", `.env.${NAMED}`, "packages/api/.env", `packages/dashboard/.env.${NAMED}`];
  for (const file of [...files, `packages/api/${NAMED}.key`, `packages/worker/${NAMED}.pem`]) {
    deployment.write(`app/${file}`, `TWITTER_API_KEY=${SECRET}\n`);
  }
});

afterAll(async () => {
  if (built.length > 0) await execa("docker", ["rmi", "--force", ...built]);
  deployment?.remove();
});

/** Builds as the program does, and gives the image's name and what was said. */
async function build(what: string, ...words: string[]): Promise<{ image: string; said: string; seconds: number }> {
  const image = `${deployment.stack}/${what}`;
  const began = Date.now();
  const { all } = await execa("docker", ["build", "--tag", image, ...words, deployment.path("app")], {
    all: true,
    env: { DOCKER_BUILDKIT: "0" },
  });
  built.push(image);
  return { image, said: all, seconds: (Date.now() - began) / 1000 };
}

const production = {
  backend: (tag: string) => build(`backend:${tag}`, "--target", "production"),
  dashboard: (tag: string) =>
    build(`dashboard:${tag}`, "--target", "production", "--file", deployment.path("app/packages/dashboard/Dockerfile")),
};

const layers = async (image: string): Promise<string[]> =>
  JSON.parse((await execa("docker", ["image", "inspect", "--format", "{{json .RootFS.Layers}}", image])).stdout);

/** Which of these texts are in an image: in the bytes of any layer, or in its configuration and history. */
async function found(image: string, texts: string[]): Promise<string[]> {
  const longest = Math.max(...texts.map((text) => text.length));
  const there = new Set<string>();
  let rest = "";
  const saving = spawn("docker", ["save", image]);
  for await (const chunk of saving.stdout) {
    const bytes = rest + (chunk as Buffer).toString("latin1");
    for (const text of texts) if (bytes.includes(text)) there.add(text);
    rest = bytes.slice(-longest);
  }
  return [...there].sort();
}

describe.each([
  ["backend", "packages/worker/src/index.ts", "console.log('edited');\n", "packages/api/dist/index.js"],
  [
    "dashboard",
    "packages/dashboard/src/sign-in.tsx",
    "// edited\nexport const edited = 1;\n",
    "packages/dashboard/server.js",
  ],
] as const)("the image of the %s", (what, source, edit, program) => {
  let first: Awaited<ReturnType<typeof build>>;
  beforeAll(async () => {
    first = await production[what]("1");
  });

  test("holds no secret and no file for one in any layer, though they stand beside the sources", async () => {
    // What is there is found, so what is not found is not there.
    expect(await found(first.image, [SECRET, NAMED, program])).toEqual([program]);
  });

  test("installs nothing again after an edit of code: only the layers of what was built differ", async () => {
    deployment.edit(`app/${source}`, (code) => code + edit);
    const second = await production[what]("2");
    const install = second.said
      .split(/^Step /m)
      .filter((step) => /: RUN .*(pnpm install|corepack install)/.test(step.split("\n")[0] ?? ""));
    expect(install.length).toBeGreaterThan(0);
    for (const step of install) expect(step).toContain("Using cache");
    const [before, after] = [await layers(first.image), await layers(second.image)];
    expect(after).toHaveLength(before.length);
    const kept = before.filter((layer, index) => after[index] === layer).length;
    // Of the backend the worker's, of the dashboard all it is made of.
    expect(before.length - kept).toBe(what === "backend" ? 1 : 2);
    console.log(
      `${what}: after an edit of code, ${kept} of ${before.length} layers are the same; built in ${second.seconds} s`,
    );
  });

  test("runs as antone of nodejs, 1001 both, and has no compiler of TypeScript", async () => {
    const run = (...words: string[]) => execa("docker", ["run", "--rm", "--network", "none", first.image, ...words]);
    expect((await run("id")).stdout).toBe("uid=1001(antone) gid=1001(nodejs) groups=1001(nodejs)");
    const compilers = "find / -path /proc -prune -o -path '*/typescript/package.json' -print 2>/dev/null; true";
    expect((await run("sh", "-c", compilers)).stdout).toBe("");
  });
});

test("the worker's own tests pass", async () => {
  const { image } = await build("backend:development", "--target", "development");
  const tests = resolve("examples/antone/app/packages/worker/test");
  const mounted = ["--volume", `${tests}:/app/packages/worker/test:ro`, "--tmpfs", "/tmp", "--network", "none"];
  const { stdout } = await execa("docker", [
    ...[
      "run",
      "--rm",
      ...mounted,
      image,
      "node",
      "--conditions=development",
      "--test",
      "packages/worker/test/*.test.ts",
    ],
  ]);
  expect(stdout).toMatch(/pass [1-9]/);
});
