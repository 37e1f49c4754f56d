import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { SmallProject } from "../support/small-project";

const OLD = '  new berth.Volume("old", { stack });\n';
const FOREIGN = ["foreign-data", "other-prod-data"];

let server: StandInServer;
let project: SmallProject;

beforeAll(async () => {
  server = await StandInServer.start({ name: "disk", diskMb: 5000 });
  project = new SmallProject({
    ...server.settings,
    keepReleases: 2,
    diskBuildCacheMb: 100,
    diskUnusedVolumeDays: 7,
    drainSeconds: 1,
  });
  await project.pulumi("stack", "init");
  project.edit("index.ts", (text) => text.replace("  const app = new", `${OLD}  const app = new`));
  // What each release sends, builds and records: about 27 MB that do not compress.
  await release();
  await server.exec("tar -c /etc/hostname | docker import - foreign/app:1");
  await server.docker("volume", "create", "foreign-data");
  await server.docker("volume", "create", "--label=berth.project=other", "--label=berth.stack=prod", "other-prod-data");
});

afterAll(async () => {
  await server?.stop();
  project?.remove();
});

async function release(): Promise<string> {
  project.write("app/payload.mjs", `// ${randomBytes(20_000_000).toString("base64")}\n`);
  const { failed, output } = await project.berth("up");
  expect(failed, output).toBe(false);
  return output;
}

const usedMb = async () => Number(await server.exec("df --output=used -BM /var/lib/docker | tail -n 1 | tr -dc 0-9"));
const lines = (text: string) => text.split("\n").filter((line) => line !== "");
const volumes = async () => lines(await server.docker("volume", "ls", "--quiet"));
const images = async () => lines(await server.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}"));

/** Releases again and again, and expects that the disk does not fill up. */
async function manyReleases(count: number): Promise<void> {
  // The third release is the first that removes another.
  for (let first = 0; first < 3; first++) await release();
  const before = await usedMb();
  for (let further = 0; further < count; further++) await release();
  const grown = (await usedMb()) - before;
  console.log(`${count} further releases of 27 MB: the disk has ${grown} MB more, of ${before} MB.`);
  expect(grown).toBeLessThan(60);
  const own = (await images()).filter((image) => /-test\/(app|release):/.test(image));
  expect(own.filter((image) => image.includes("/release:"))).toHaveLength(2);
  expect(own.filter((image) => image.includes("/app:"))).toHaveLength(2);
  expect(await images()).toContain("foreign/app:1");
  expect(await volumes()).toEqual(expect.arrayContaining(FOREIGN));
}

test("after many releases, images and the cache of builds have their bounds, and those of others are there", async () => {
  await manyReleases(4);
});

test("fifty releases fit on a disk of 5 GB", { tags: "extended", timeout: 3_600_000 }, async () => {
  await manyReleases(50);
});

test("a volume that the program no longer has is deleted after its days, with a warning before", async () => {
  const [old = ""] = (await volumes()).filter((name) => name.endsWith("-old"));
  project.edit("index.ts", (text) => text.replace(OLD, ""));
  expect(await release()).toContain(`Nothing uses the volume ${old}. Releases after `);
  expect(await release()).toContain(`Nothing uses the volume ${old}. Releases after `);
  expect(await volumes()).toContain(old);
  // Eight days pass.
  const file = (await server.exec("ls /var/lib/berth/*/unused-volumes")).trim();
  const [name, since] = (await server.exec(`cat ${file}`)).trim().split(" ");
  expect(name).toBe(old);
  await server.exec(`echo '${old} ${Number(since) - 8 * 86_400}' >${file}`);
  expect(await release()).toContain(`Deleted the volume ${old}, which nothing has used since `);
  expect(await volumes()).not.toContain(old);
  expect(await volumes()).toEqual(expect.arrayContaining(FOREIGN));
});

test("`berth doctor` names volumes of others that a first deployment would refuse", async () => {
  const other = new SmallProject(server.settings);
  try {
    const name = /^name: (.*)$/m.exec(other.read("Pulumi.yaml"))?.[1];
    other.edit("Pulumi.yaml", (text) => text.replace(/^name: .*$/m, "name: elsewhere"));
    other.edit(`Pulumi.${other.stack}.yaml`, (text) => text.replaceAll(`${name}:`, "elsewhere:"));
    await server.docker("volume", "create", "elsewhere-test-papers");
    const { output, exitCode } = await other.berth("doctor", "--json");
    const { checks }: { checks: { name: string; status: string; found: string }[] } = JSON.parse(output);
    expect(exitCode).toBe(1);
    expect(checks.find((check) => check.name === "volumes")).toMatchObject({
      status: "problem",
      found: expect.stringContaining("elsewhere-test-papers"),
    });
  } finally {
    other.remove();
  }
});
