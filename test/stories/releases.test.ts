import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { containersOf, type Docker, signedIn } from "../support/office-story";
import { sample } from "../support/sample";
import { whileVisiting } from "../support/visitors";

let server: StandInServer;
let deployment: Deployment;
let docker: Docker;
let settings: Record<string, unknown>;
let page: string;
const firstRelease = { image: "", images: [] as string[] };

const HEALTH = "backend/operations/health.py";
const git = (...words: string[]) => execa("git", words, { cwd: deployment.directory });

beforeAll(async () => {
  server = await StandInServer.start({ name: "releases" });
  docker = server.docker;
  settings = {
    ...server.settings,
    drainSeconds: 5,
    maxPdfSizeMb: 10,
  };
  deployment = await Deployment.create("releases", settings);
  await git("init", "--quiet");
  // The lock is committed too, else the first release would have uncommitted edits.
  await deployment.berth("update");
  await git("add", "--all");
  await git("-c", "user.name=office", "-c", "user.email=office@office.test", "commit", "-qm", 'Begin with "$HOME"');
  await deployment.make("up");
  page = `${(await deployment.outputs()).url}/api/health/`;
});

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
});

const running = async () => (await docker("ps", "--no-trunc", "--format", "{{.ID}}")).split("\n").sort();
const everything = async () => (await containersOf(deployment, docker)).sort();
const releases = () => deployment.make("releases");

/** Its files with their hashes, except the list itself. */
async function sourcesOf(number: number): Promise<string[]> {
  const [folder, id] = [`/root/sources-${number}`, `sources-${number}`];
  await docker("create", "--name", id, `mailtracker-${deployment.stack}/release:${number}`, "none");
  await docker("cp", `${id}:/release`, folder);
  await docker("rm", id);
  const files = await server.exec(
    `cd ${folder} && find . -type f ! -name release.manifest | sort | xargs -d '\\n' sha256sum`,
  );
  return files.split("\n");
}

test("a release is recorded with its commit", async () => {
  const { stdout: commit } = await git("rev-parse", "--short=7", "HEAD");
  expect(await releases()).toMatch(new RegExp(`^\\* +1 .* ${commit} {2}Begin with "\\$HOME"$`, "m"));
  firstRelease.image = await docker(
    "inspect",
    "--format",
    "{{.Image}}",
    ...(await containersOf(deployment, docker, "backend")),
  );
});

test("without changes, `make up` finishes without starting Pulumi; any edit starts it", async () => {
  const output = await deployment.make("up");
  expect(output).toContain("Nothing has changed, neither in the project nor on the server.");
  expect(output).toContain((await deployment.outputs()).url);
  expect(output).not.toContain("Updating");
  deployment.configure({ ...settings, replicas: 1 });
  expect(await deployment.make("up")).toMatch(/Updating[\s\S]*unchanged/);
  deployment.configure(settings);
  await deployment.make("up");
  const [backend = ""] = await containersOf(deployment, docker, "backend");
  await docker("stop", backend);
  expect(await deployment.make("up")).toContain("Updating");
  expect(await docker("inspect", "--format", "{{.State.Running}}", backend)).toBe("true");
});

test("a release that exits at start is removed without downtime", async () => {
  const [before, up] = [await everything(), await running()];
  deployment.edit("backend/entrypoint.sh", (text) =>
    text.replace("    serve)\n", "    serve)\n        echo broken >&2; exit 7\n"),
  );
  const visits = await whileVisiting(page, async () => {
    const { failed, output } = await deployment.tryMake("up");
    expect(failed).toBe(true);
    expect(output).toMatch(/Container \S+backend-1-\w+ stopped: \w+, exit code 7/);
    expect(output).toContain("  | broken");
    expect(output).toContain("The failed release is removed");
  });
  expect(visits.failures).toEqual([]);
  expect(await everything()).toEqual(before);
  expect(await running()).toEqual(up);
  // Docker has no trace of it either.
  deployment.edit("backend/entrypoint.sh", (text) => text.replace("        echo broken >&2; exit 7\n", ""));
  await deployment.preview("--expect-no-changes");
  expect(await releases()).not.toMatch(/^[* ] +2 /m);
});

test("a release that never becomes healthy is removed without downtime", { tags: "extended" }, async () => {
  const before = await everything();
  deployment.edit("backend/healthcheck.sh", (text) =>
    text.replace("#!/bin/sh\n", "#!/bin/sh\necho not today; exit 1\n"),
  );
  const { failed, output } = await deployment.tryMake("up");
  expect(failed).toBe(true);
  expect(output).toMatch(/is unhealthy/);
  expect(output).toContain("Last output of its health check: not today");
  expect(await everything()).toEqual(before);
  deployment.edit("backend/healthcheck.sh", (text) => text.replace("echo not today; exit 1\n", ""));
});

test("an invalid nginx.conf is refused while the old one serves", { tags: "extended" }, async () => {
  const before = await everything();
  deployment.edit("nginx/nginx.conf", (text) => text.replace("burst=5 nodelay", "burst=oops nodelay"));
  const visits = await whileVisiting(page, async () => {
    const { failed, output } = await deployment.tryMake("up");
    expect(failed).toBe(true);
    expect(output).toMatch(/invalid burst value "burst=oops"/);
  });
  expect(visits.failures).toEqual([]);
  expect(await everything()).toEqual(before);
  deployment.edit("nginx/nginx.conf", (text) => text.replace("burst=oops nodelay", "burst=5 nodelay"));
});

test("a release that answers 500 is rolled back with one command, code and settings, without a build", async () => {
  const site = await signedIn(deployment);
  deployment.edit("backend/mails/urls.py", (text) => `${text}\nurlpatterns[0].callback = None\n`);
  deployment.configure({ ...settings, maxPdfSizeMb: 20 });
  await deployment.make("up");
  expect((await site.get("/api/mails/")).status).toBe(500);

  const built = await docker("image", "ls", "--quiet", "--no-trunc");
  const since = Math.floor(Date.now() / 1000);
  const visits = await whileVisiting(page, async () => {
    const output = await deployment.make("rollback", "YES=1");
    expect(output).toMatch(/Rolling back from\n +2 .*\(with uncommitted edits\)\nto\n +1 /);
    expect(output).toContain("Setting maxPdfSizeMb: 20 → 10");
  });
  expect(visits.failures).toEqual([]);
  expect((await site.get("/api/mails/")).status).toBe(200);
  const [backend = ""] = await containersOf(deployment, docker, "backend");
  expect(await docker("inspect", "--format", "{{.Image}}", backend)).toBe(firstRelease.image);
  expect(await docker("exec", backend, "printenv", "MAX_PDF_SIZE_MB")).toBe("10");
  expect(await releases()).toMatch(/^\* +3 .*, rolled back to 1$/m);
  deployment.edit("backend/mails/urls.py", (text) => text.replace("\nurlpatterns[0].callback = None\n", ""));
  // Nothing was built or pulled: only the new release itself is a new image.
  const until = String(Math.ceil(Date.now() / 1000));
  const events = await docker(
    "events",
    "--since",
    String(since),
    "--until",
    until,
    "--filter",
    "type=image",
    "--format",
    "{{.Action}}",
  );
  expect(events.split("\n")).not.toContain("pull");
  const added = (await docker("image", "ls", "--quiet", "--no-trunc")).split("\n").filter((id) => !built.includes(id));
  expect(added).toHaveLength(1);
});

test("a release has all its sources, though only changed files were sent", async () => {
  const [first, second, third] = await Promise.all([1, 2, 3].map(sourcesOf));
  expect(third).toEqual(first);
  expect(second?.length).toBe(first?.length);
  const edited = second?.filter((line) => !first?.includes(line));
  expect(edited?.map((line) => line.split(" ").at(-1))).toEqual(["./backend/mails/urls.py"]);
  expect(first?.map((line) => line.split(" ").at(-1))).toEqual(expect.arrayContaining(["./index.ts", "./Pulumi.yaml"]));
});

test("a release is rolled back by its number, and an unknown number is an error", { tags: "extended" }, async () => {
  const site = await signedIn(deployment);
  const wrong = await deployment.tryMake("rollback", "TO=99", "YES=1");
  expect(wrong).toMatchObject({ failed: true, output: expect.stringContaining("has no release 99") });
  expect(wrong.output).toContain("Releases on the server: 3, 2, 1");
  await deployment.make("rollback", "TO=2", "YES=1");
  expect((await site.get("/api/mails/")).status).toBe(500);
  await deployment.make("rollback", "TO=1", "YES=1");
  expect((await site.get("/api/mails/")).status).toBe(200);
});

test("a rollback past database migrations reports them first", { tags: "extended" }, async () => {
  deployment.write(
    "backend/mails/migrations/9001_later.py",
    `from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("mails", "${await lastMigration()}")]
    operations = [migrations.RunPython(lambda apps, editor: None)]
`,
  );
  await deployment.make("up");
  const before = await everything();
  const asked = await deployment.tryMake("rollback");
  expect(asked.failed).toBe(true);
  expect(asked.output).toContain("backend/mails/migrations/9001_later.py — cannot be undone (RunPython)");
  expect(asked.output).toContain(`npx berth rollback --yes --stack ${deployment.stack}`);
  expect(await everything()).toEqual(before);
  await deployment.make("rollback", "YES=1");
  expect((await signedIn(deployment)).url).toBeTruthy();
});

test("the last releases keep their images; older ones are removed, and foreign images are kept", {
  tags: "extended",
}, async () => {
  await docker("tag", firstRelease.image, "somebody-else/backend:1");
  await docker("tag", firstRelease.image, `mailtracker-${deployment.stack}x/backend:1`);
  deployment.configure({ ...settings, keepReleases: 2 });
  const hashes: string[] = [];
  for (const release of sample([1, 2, 3], 2)) {
    deployment.edit(HEALTH, (text) => `${text.replace(/\n# Release .*\n$/, "\n")}# Release ${release}.\n`);
    await deployment.make("up");
    hashes.push((await deployment.outputs()).release);
  }
  const images = (await docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}")).split("\n");
  const own = images.filter((image) => image.startsWith(`mailtracker-${deployment.stack}/backend:`));
  expect(own.map((image) => image.split(":")[1]).sort()).toEqual(hashes.slice(-2).sort());
  expect(images.filter((image) => image.startsWith(`mailtracker-${deployment.stack}/release:`))).toHaveLength(2);
  expect(images).toEqual(
    expect.arrayContaining([
      "somebody-else/backend:1",
      `mailtracker-${deployment.stack}x/backend:1`,
      // Pulled by digest, or by tag where a server had it.
      expect.stringMatching(/^postgres:(<none>|16-alpine)$/),
    ]),
  );
  const untagged = await docker("image", "ls", "--filter", "dangling=true", "--format", "{{.Repository}}");
  expect(untagged.split("\n")).not.toContain("<none>");
});

test("only the new version responds once all its containers are healthy, before the release is recorded", async () => {
  const [old = ""] = await containersOf(deployment, docker, "nginx");
  const since = await server.exec("date +%s");
  deployment.edit(HEALTH, (text) => `${text}# Handed over.\n`);
  await deployment.make("up");
  const until = await server.exec("date +%s");
  const events = (await docker("events", "--since", since, "--until", until, "--format", "{{json .}}")).split("\n");
  const first = (action: string, of: (actor: { ID: string; Attributes: { name: string } }) => boolean) =>
    events.map((line) => JSON.parse(line)).findIndex(({ Action, Actor }) => Action === action && of(Actor));
  const output = first("kill", ({ ID }) => ID === old);
  expect(output).toBeGreaterThan(0);
  expect(first("tag", ({ Attributes }) => Attributes.name.includes("/release:"))).toBeGreaterThan(output);
});

test("an edit made during an `up` is deployed by the next one", { tags: "extended" }, async () => {
  const edit = () => deployment.edit(HEALTH, (text) => `${text}# Edited.\n`);
  const built = () => docker("images", "--quiet", `mailtracker-${deployment.stack}/backend`);
  const before = await built();
  edit();
  const first = deployment.make("up");
  await eventually(60, async () => expect(await built()).not.toBe(before));
  edit();
  await first;
  expect(await deployment.make("up")).toContain("Updating");
  expect(await deployment.make("up")).toContain("Nothing has changed");
});

async function lastMigration(): Promise<string> {
  const { stdout } = await execa("ls", ["backend/mails/migrations"], { cwd: deployment.directory });
  return (
    stdout
      .split("\n")
      .filter((file) => /^\d+.*\.py$/.test(file) && !file.startsWith("9001"))
      .sort()
      .at(-1)
      ?.replace(".py", "") ?? ""
  );
}
