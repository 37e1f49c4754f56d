import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineRelease } from "../servers/engines";
import { StandInServer } from "../servers/server";
import { SmallProject } from "../support/small-project";
import { succeeded } from "../support/succeeded";

/** BuildKit of Docker 20.10, through docker's own command, and of the newest one, through buildx. */
const ENGINES: { version: string; release: EngineRelease; extended?: true }[] = [
  { version: "20.10", release: "bookworm" },
  { version: "28.5", release: "forky", extended: true },
];

/** A cache mount, a build secret, and files that the ignore file of the Dockerfile leaves out. */
const DOCKERFILE = `FROM node:24-alpine
WORKDIR /app
RUN --mount=type=cache,target=/cache echo run >>/cache/runs; wc -l </cache/runs >/app/runs
RUN --mount=type=secret,id=token sha256sum </run/secrets/token >/app/token-fingerprint
COPY . ./
RUN ls -l / /app
USER 1000:1000
CMD ["node", "server.mjs"]
`;

describe.each(ENGINES)("builds with Docker $version", { timeout: 900_000 }, ({ release, version, extended }) => {
  const options = extended ? { tags: "extended" } : {};
  const token = randomBytes(16).toString("hex");
  let server: StandInServer;
  let project: SmallProject;

  beforeAll(async () => {
    server = await StandInServer.start({ name: "builds", bare: true, engine: release });
    project = new SmallProject({ ...server.settings, drainSeconds: 2 });
    process.env["BUILD_TOKEN"] = token;
    project.edit("index.ts", (text) =>
      text.replace('context: "./app"', 'context: "./app", secrets: { token: process.env["BUILD_TOKEN"] ?? "" }'),
    );
    project.write("app/Dockerfile", DOCKERFILE);
    project.write("app/Dockerfile.dockerignore", "notes.txt\n");
    project.write("app/.dockerignore", "server.mjs\n");
    project.write("app/notes.txt", "not for the image");
    project.write("app/data.bin", randomBytes(300_000).toString("base64"));
  });

  afterAll(async () => {
    await server?.stop();
    project?.remove();
  });

  const page = async () => (await fetch(`http://${server.address}/`)).text();
  const inApp = async (...words: string[]) => {
    const [id = ""] = (await server.docker("ps", "--quiet", "--filter", "label=berth.service=app")).split("\n");
    return server.docker("exec", id, ...words);
  };
  /** When a file of the context was received last. */
  const received = (file: string) => server.exec(`stat -c %Y.%y /root/.cache/berth/guestbook-test/app/context/${file}`);

  test("use cache mounts, secrets and the ignore file of the Dockerfile", options, async () => {
    const output = await succeeded(project.berth("up"));
    expect(await server.docker("version", "--format", "{{.Server.Version}}")).toContain(version);
    expect(output).toMatch(/#\d+ \[.*6\/6\] RUN ls -l/);
    expect(await page()).toContain("It runs");
    expect((await inApp("ls", "/app")).split("\n")).not.toContain("notes.txt");
    expect((await inApp("cat", "/app/runs")).trim()).toBe("1");
    expect(await inApp("cat", "/app/token-fingerprint")).toMatch(/^[0-9a-f]{64} /);
    await succeeded(project.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes"));
    expect(await succeeded(project.berth("drift"))).toContain("The stack test is as it was deployed.");
  });

  test("leave no secret in layers, history, state, logs or on the server's disk", options, async () => {
    const image = (await server.docker("images", "--quiet", "--no-trunc", "guestbook-test/app")).trim();
    const places = {
      layers: `docker save ${image} | tar -x --to-stdout`,
      history: `docker history --no-trunc ${image}`,
      configuration: `docker inspect ${image}`,
      journal: "journalctl --no-pager",
      disk: "find /root /home /tmp /var/tmp /dev/shm /run -type f ! -name .forms -exec cat {} + 2>/dev/null",
    };
    const forms = `${token}\n${Buffer.from(token).toString("base64")}\n`;
    const linesWith = (text: string, command: string) =>
      server.exec(`cat >/root/.forms; { ${command}; } | grep -a -c -F -f /root/.forms; rm /root/.forms`, text);
    for (const [place, command] of Object.entries(places)) expect(await linesWith(forms, command), place).toBe("0");
    for (const command of [places.layers, places.history]) {
      expect(Number(await linesWith("token-fingerprint\n", command)), command).toBeGreaterThan(0);
    }
    expect(await server.exec("ls /dev/shm")).toBe("");
    expect(project.state()).not.toContain(token);
    expect(project.state()).not.toContain(Buffer.from(token).toString("base64"));
  });

  test("send a changed file only", options, async () => {
    const before = { data: await received("data.bin"), server: await received("server.mjs") };
    project.edit("app/server.mjs", (text) => text.replaceAll("It runs", "It runs again"));
    await succeeded(project.berth("up"));
    expect(await page()).toContain("It runs again");
    expect(await received("data.bin")).toBe(before.data);
    expect(await received("server.mjs")).not.toBe(before.server);
    // The steps before it come from the cache.
    expect((await inApp("cat", "/app/runs")).trim()).toBe("1");
  });

  test("that fail end with the output of the failing step, and the release before goes on", options, async () => {
    project.edit("app/Dockerfile", (text) => `${text}RUN echo "one is not two" && false\n`);
    const { failed, output } = await project.berth("up");
    expect(failed).toBe(true);
    expect(output).toMatch(/The image app cannot be built\.\s+.*The step that failed:\s(.*\n)*.*one is not two/);
    expect(await page()).toContain("It runs again");
    expect(await server.exec("ls /dev/shm")).toBe("");
    project.edit("app/Dockerfile", (text) => text.replace(/.*one is not two.*\n/, ""));
  });

  test("are repeated for an image that was removed by hand", options, async () => {
    const [name = ""] = (
      await server.docker("ps", "--format", "{{.Image}}", "--filter", "label=berth.service=app")
    ).split("\n");
    await server.docker("rmi", "--force", name);
    await succeeded(project.berth("up"));
    expect(await server.docker("images", "--quiet", name)).not.toBe("");
    expect(await succeeded(project.berth("drift"))).toContain("The stack test is as it was deployed.");
  });

  test("for another processor are refused before anything is stopped", options, async () => {
    const dockerfile = project.read("app/Dockerfile");
    project.write("app/Dockerfile", 'FROM scratch\nCOPY server.mjs /\nCMD ["/server.mjs"]\n');
    project.edit("index.ts", (text) => text.replace("secrets:", 'platform: "linux/arm64", secrets:'));
    const { failed, output } = await project.berth("up");
    expect(failed).toBe(true);
    expect(output).toContain("is for linux/arm64, but the server's engine is linux/amd64");
    expect(await page()).toContain("It runs again");
    project.write("app/Dockerfile", dockerfile);
    project.edit("index.ts", (text) => text.replace('platform: "linux/arm64", ', ""));
    await succeeded(project.berth("up"));
  });
});
