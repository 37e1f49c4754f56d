import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { until } from "../servers/docker";
import { testLabel } from "../servers/stale-containers";
import { localDocker } from "../support/local-docker";
import { freePort } from "../support/ports";
import { SmallProject } from "../support/small-project";
import { whileVisiting } from "../support/visitors";

let project: SmallProject;
let registry: string;
/** Reference of the edge's image, which the test publishes. */
let web: string;
let url: string;

beforeAll(async () => {
  const httpPort = await freePort();
  url = `http://127.0.0.1:${httpPort}/`;
  registry = await localDocker("run", "--detach", ...testLabel, "--publish", "127.0.0.1::5000", "registry:2");
  const [, port] = /:(\d+)$/.exec(await localDocker("port", registry, "5000")) ?? [];
  web = `127.0.0.1:${port}/web:1`;
  await until("the start of the registry", 30, () => fetch(`http://127.0.0.1:${port}/v2/`));
  await publish("one");
  // This machine's engine has what a server has that pulled the tag long ago.
  await localDocker("pull", "--quiet", web);

  project = new SmallProject({ httpAddress: "127.0.0.1", httpPort, tls: "off", drainSeconds: 2 });
  project.edit("index.ts", (text) =>
    text
      .replace('"nginx:alpine"', JSON.stringify(web))
      .replace(
        "const edge =",
        'new berth.Postgres("postgres", { networks: [front], database: "app", user: "postgres" });\n  const edge =',
      ),
  );
  await project.pulumi("stack", "init");
});

afterAll(async () => {
  await project?.berth("down", "--yes", "--delete-data");
  await localDocker("rm", "--force", "--volumes", registry);
  project?.remove();
});

/** Publishes a version of the edge's image under its tag, without a trace on this machine's engine. */
async function publish(version: string): Promise<void> {
  const [repository = ""] = /^.*(?=:1$)/.exec(web) ?? [];
  const built = `${repository}:${version}`;
  const build = ["build", "--quiet", "--tag", built, "--label", `version=${version}`, "-"];
  await execa("docker", build, { input: "FROM nginx:alpine\n" });
  await localDocker("push", "--quiet", built);
  await localDocker("rmi", built);
  const manifests = `http://${repository.replace("/", "/v2/")}/manifests/`;
  const form = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = await (await fetch(manifests + version, { headers: { accept: form } })).text();
  const headers = { "content-type": form };
  expect((await fetch(`${manifests}1`, { method: "PUT", headers, body: manifest })).status).toBe(201);
}

/** Id and image of the running container of a service. */
async function container(service: string): Promise<{ id: string; reference: string; version: string }> {
  const filters = ["label=berth.stack=test", "label=berth.project=guestbook", `label=berth.service=${service}`];
  const format = '{{.Id}} {{.Config.Image}} {{index .Config.Labels "version"}}';
  const ids = await localDocker("ps", "--quiet", ...filters.flatMap((filter) => ["--filter", filter]));
  expect(ids.split("\n"), service).toHaveLength(1);
  const [id = "", reference = "", version = ""] = (await localDocker("inspect", "--format", format, ids)).split(" ");
  return { id, reference, version };
}

async function berth(...words: string[]): Promise<string> {
  const { output, exitCode } = await project.berth(...words);
  expect(exitCode, output).toBe(0);
  return output;
}

const lock = (): Record<string, { digest: string }> => parse(project.read("berth.lock")).images;
const POSTGRES = "postgres:16-alpine";

test("plain Pulumi uses the tag of an image that is not locked, and says how to lock it", async () => {
  const { output, exitCode } = await project.pulumi("up", "--yes", "--skip-preview");
  expect(exitCode, output).toBe(0);
  expect(output).toContain("berth.lock lacks base images");
  expect(output).toContain("To lock them: npx berth update");
  expect(await container("nginx")).toMatchObject({ reference: web, version: "one" });
});

test("the first `berth up` locks the images with the digests that the engine has: the database stays, and own images are built from them", async () => {
  const [postgres, nginx] = [await container("postgres"), await container("nginx")];
  // The newer one in the registry is left to an update.
  await publish("two");
  expect(await berth("plan")).toMatch(/no downtime +image app: built/);
  const visits = await whileVisiting(url, async () => {
    expect(await berth("up")).toMatch(new RegExp(`Added to berth.lock: .*${web}`));
  });
  expect(visits.failures).toEqual([]);
  expect(await container("postgres")).toEqual(postgres);
  // nginx follows the new containers of the application, with the image it had.
  expect(await container("nginx")).toEqual({ ...nginx, id: expect.any(String) });
  expect(Object.keys(lock())).toEqual(expect.arrayContaining([web, POSTGRES]));
  const listed = await localDocker("image", "inspect", "--format", '{{join .RepoDigests " "}}', POSTGRES);
  expect(listed).toContain(`postgres@${lock()[POSTGRES]?.digest}`);
  expect(await berth("up")).toContain("Nothing has changed, neither in the project nor on the server.");
  expect(await berth("drift")).toContain("as it was deployed");
});

test("an update shows the newer image and writes it; with --check it only fails", async () => {
  const before = project.read("berth.lock");
  const checked = await project.berth("update", "--check");
  expect(checked.output).toMatch(new RegExp(`^${web} +\\w{12} +\\w{12} +0 days$`, "m"));
  expect(checked.exitCode).toBe(4);
  expect(project.read("berth.lock")).toBe(before);
  expect(await berth("update", web)).toContain("Wrote berth.lock.");
  expect(lock()[web]?.digest).not.toBe(parse(before).images[web].digest);
  expect(lock()[POSTGRES]).toEqual(parse(before).images[POSTGRES]);
  expect((await project.berth("update", "--check")).output).toContain("up to date.");
});

test("a newer base image is planned and released like any change, without downtime", async () => {
  const before = await container("postgres");
  const plan = await berth("plan");
  // The edge runs the tag from before the lock.
  expect(plan).toMatch(
    new RegExp(`no downtime +nginx: replaced, new before old; base image ${web} is pinned to \\w{12}`),
  );
  expect(plan).not.toContain("postgres: replaced");
  const visits = await whileVisiting(url, () => berth("up"));
  expect(visits.failures).toEqual([]);
  expect(await container("nginx")).toMatchObject({ reference: `${web}@${lock()[web]?.digest}`, version: "two" });
  expect(await container("postgres")).toEqual(before);
});

test("a rollback uses the digests of its release", async () => {
  await publish("three");
  await berth("update", web);
  expect(await berth("plan")).toMatch(new RegExp(`nginx: replaced, .*base image ${web} is newer: \\w{12} → \\w{12}`));
  await berth("up");
  expect(await container("nginx")).toMatchObject({ version: "three" });
  await berth("rollback", "--yes");
  expect(await container("nginx")).toMatchObject({ version: "two" });
});

test("a moved tag on the engine changes nothing", async () => {
  await localDocker("tag", "nginx:alpine", web);
  await berth("up");
  expect(await container("nginx")).toMatchObject({ version: "three" });
  await localDocker("rmi", web);
});

test("where the registry is not reached, the lock stays as it is, with a word", async () => {
  const before = project.read("berth.lock");
  await localDocker("stop", registry);
  const output = await berth("update");
  expect(output).toContain("Not looked up, and left as in berth.lock:");
  expect(output).toMatch(new RegExp(`^  ${web}: .*ECONNREFUSED`, "m"));
  expect(project.read("berth.lock")).toBe(before);
  const { output: all, exitCode } = await project.berth("update", web);
  expect(exitCode, all).toBe(1);
});
