import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { Preview } from "../../components/cli/preview-env/previews.mts";
import { StandInServer } from "../servers/server";
import { DoorVisitor } from "../support/door-visitor";
import { eventually } from "../support/eventually";
import { SmallProject } from "../support/small-project";

let server: StandInServer;
let visitor: DoorVisitor;
let project: SmallProject;

const SEED = "psql -qU postgres app -c 'CREATE TABLE IF NOT EXISTS seeds (at text); INSERT INTO seeds VALUES (now())'";
/** The branch `feature/Shop`. */
const FEATURE = /^feature-shop-[0-9a-f]{6}$/;

const PROGRAM = "berth";
const env = { PULUMI_CONFIG_PASSPHRASE: "small", GITHUB_ACTOR: "ada" };

/** Starts `berth` in the project, in a process group of its own, as a job of CI has it. */
function start(...words: string[]) {
  return execa(PROGRAM, words, { cwd: project.folder, env, all: true, reject: false, input: "", detached: true });
}

async function berth(...words: string[]): Promise<string> {
  const { all, exitCode } = await start(...words);
  expect(exitCode, `berth ${words.join(" ")}:\n${all}`).toBe(0);
  return all;
}

async function refused(...words: string[]): Promise<string> {
  const { all, exitCode } = await start(...words);
  expect(exitCode, `berth ${words.join(" ")}:\n${all}`).toBe(1);
  return all;
}

const pulumi = (...words: string[]) => execa("pulumi", words, { cwd: project.folder, env });
const list = async (): Promise<Preview[]> => JSON.parse(await berth("preview-env", "list", "--json"));
const pageOf = async ({ url }: { url: string }) =>
  /<h1>(.*)<\/h1>/.exec((await visitor.ask(new URL(url).hostname)).text)?.[1];
const named = async (name: string | RegExp) => (await list()).find((one) => one.name.match(name)) as Preview;
const sql = (preview: Preview, query: string) =>
  berth("exec", "--stack", preview.stack, "postgres", `psql -qAtU postgres app -c "${query}"`);

function template(rules: Record<string, unknown>): void {
  const settings = { ...server.settings, tls: "self-signed", drainSeconds: 2 };
  const preview = { domain: "preview.test", seed: ["postgres", SEED], ...rules };
  project.write("Pulumi.preview.yaml", stringify({ preview, config: settings }));
}

/** Everything with a text in its name or labels, on the server and in the project's folder. */
async function remains(text: string): Promise<string[]> {
  const stack = text.replace(/^guestbook-/, "");
  const label = ["--filter", `label=berth.stack=${stack}`];
  const found = await Promise.all([
    server.docker("ps", "--all", "--format", "container {{.Names}}", ...label),
    server.docker("network", "ls", "--format", "network {{.Name}}", ...label),
    server.docker("volume", "ls", "--format", "volume {{.Name}}", ...label),
    server.docker("image", "ls", "--all", "--format", "image {{.Repository}}:{{.Tag}}", ...label),
    ...["ps --all", "network ls", "volume ls", "image ls --all"].map((words) =>
      server.exec(`docker ${words} | grep -E '${text}[-/]' | grep -v '${text}-2' || true`),
    ),
    server.exec(`find /var/lib/berth /root /home -name '*${text}' 2>/dev/null || true`),
    server.exec(`docker exec berth-door-sandbox grep -rlE '${text}$' /srv/door/routes 2>/dev/null || true`),
    execa("find", [
      project.folder,
      "-not",
      "-path",
      "*/node_modules*",
      "-regex",
      `.*\\b${stack}\\(\\.[a-z.-]*\\)?`,
    ]).then(({ stdout }) => stdout),
  ]);
  return found.flatMap((lines) => lines.split("\n")).filter((line) => line.trim() !== "");
}

beforeAll(async () => {
  server = await StandInServer.start({ name: "preview-env" });
  visitor = new DoorVisitor({ http: 80, https: 443 }, server.address);
  project = new SmallProject({ ...server.settings, siteName: "main.test", frontDoor: true, tls: "self-signed" });
  const program = readFileSync("components/cli/init/template/database/index.ts", "utf8");
  project.write("index.ts", program.replace("3000/health", "3000/").replace("replicas: 2", "replicas: 1"));
  template({ limit: 2 });
});

afterAll(async () => {
  await server.stop();
  project.remove();
});

describe("preview environments", () => {
  test("have a site and a database of their own each, which are seeded once", async () => {
    const output = await berth("preview-env", "up", "shop");
    expect(output).toContain("The preview environment shop: https://shop.preview.test");
    project.edit("app/server.mjs", (text) => text.replaceAll("It runs", "Feature"));
    await berth("preview-env", "up", "feature/Shop");
    const [shop, feature] = await list();
    expect([shop?.name, feature?.name]).toEqual(["shop", expect.stringMatching(FEATURE)]);
    expect(shop).toMatchObject({ by: "ada", complete: true, expired: false, of: "shop" });
    expect(await pageOf(await named("shop"))).toBe("It runs");
    expect(await pageOf(await named(FEATURE))).toBe("Feature");
    await sql(await named("shop"), "CREATE TABLE own (id int)");
    expect(await sql(await named(FEATURE), "SELECT to_regclass('own') IS NULL, count(*) FROM seeds")).toContain("t|1");
    expect(await berth("preview-env", "list")).toMatch(/^shop +https:\/\/shop\.preview\.test +\d+ \w+ +in 6 days +/m);
  });

  test("are refused beyond the limit, with those that there are and what to do", async () => {
    const output = await refused("preview-env", "up", "third");
    expect(output).toContain("There are 2 preview environments, and preview.limit in Pulumi.preview.yaml is 2");
    expect(output).toMatch(/^shop +https:/m);
    expect(output).toContain("npx berth preview-env prune");
    expect(await list()).toHaveLength(2);
    expect(await remains("guestbook-preview-third")).toEqual([]);
  });

  test("are released one by one: the other keeps its version, and data is not seeded again", async () => {
    project.edit("app/server.mjs", (text) => text.replaceAll("Feature", "Shop 2"));
    await berth("preview-env", "up", "shop");
    expect([await pageOf(await named("shop")), await pageOf(await named(FEATURE))]).toEqual(["Shop 2", "Feature"]);
    expect(await sql(await named("shop"), "SELECT count(*) FROM seeds")).toContain("1");
    expect(await berth("releases", "--stack", "preview-shop")).toMatch(/^\* +2 /m);
  });

  test("never touch a stack that somebody else made", async () => {
    await pulumi("stack", "init", "preview-mine");
    await server.exec("docker volume create --label berth.project=guestbook --label berth.stack=preview-mine mine");
    template({ limit: 3 });
    for (const words of [
      ["up", "mine"],
      ["down", "mine"],
    ]) {
      expect(await refused("preview-env", ...words)).toContain("was not made by npx berth preview-env");
    }
    expect(await server.docker("volume", "ls", "--quiet", "--filter", "name=mine")).toBe("mine");
    expect((await list()).map(({ name }) => name)).not.toContain("mine");
  });

  test("are listed and removed after a job was killed half-way", async () => {
    const job = start("preview-env", "up", "shop-2");
    await eventually(240, async () => {
      const filter = ["--filter", "label=berth.stack=preview-shop-2", "--filter", "label=berth.service=postgres"];
      expect(await server.docker("ps", "--all", "--quiet", ...filter)).not.toBe("");
    });
    process.kill(-(job.pid ?? 0), "SIGKILL");
    await job;
    expect(await named("shop-2")).toMatchObject({ complete: false });
    expect(await berth("preview-env", "list")).toContain("shop-2.preview.test (incomplete)");
    await berth("preview-env", "up", "shop-2");
    expect(await named("shop-2")).toMatchObject({ complete: true });
  });

  test("leave nothing when they are taken down, and others with a similar name run on", async () => {
    expect(await remains("guestbook-preview-shop")).not.toEqual([]);
    const output = await berth("preview-env", "down", "shop");
    expect(output).toContain("The preview environment shop is removed, and nothing is left of it.");
    expect(await remains("guestbook-preview-shop")).toEqual([]);
    expect(await berth("preview-env", "down", "shop")).toContain("There is no preview environment shop");
    for (const name of ["shop-2", FEATURE]) expect(await pageOf(await named(name))).toBeDefined();
    await berth("maintenance", "on", "--stack", "preview-shop-2");
    await berth("maintenance", "off", "--stack", "preview-shop-2");
  });

  test("say what is left, and keep their state, if something cannot be removed; a volume of others stays", async () => {
    const theirs = "guestbook-preview-shop-2-theirs";
    await server.docker("volume", "create", theirs);
    await server.docker("volume", "create", "--label", "berth.project=guestbook", "guestbook-preview-shop-2-extra");
    await server.exec(
      "docker run --detach --name user --volume guestbook-preview-shop-2-extra:/x nginx:alpine >/dev/null",
    );
    const output = await refused("preview-env", "down", "shop-2");
    expect(output).toContain("volume guestbook-preview-shop-2-extra on the server");
    expect((await list()).map(({ name }) => name)).toContain("shop-2");
    await server.exec("docker rm --force user");
    await berth("preview-env", "down", "shop-2");
    expect(await server.docker("volume", "ls", "--quiet", "--filter", `name=${theirs}`)).toBe(theirs);
    await server.docker("volume", "rm", theirs);
    expect(await remains("guestbook-preview-shop-2")).toEqual([]);
  });

  test("can have the data of another stack's backup, made harmless before the application has it", async () => {
    const main = (query: string) => project.berth("psql", "-c", query);
    expect((await project.berth("up")).failed).toBe(false);
    await main("CREATE TABLE people (name text, mail text); INSERT INTO people VALUES ('Ada', 'ada@example.org')");
    const backup = await project.berth("backup");
    expect(backup.failed, backup.output).toBe(false);
    project.write("harmless.sql", "UPDATE people SET mail = 'nobody@example.invalid';\n");
    template({ limit: 3, restore: { from: "test", sanitize: "harmless.sql" } });
    const output = await berth("preview-env", "up", "copy");
    expect(output).toMatch(/Restored [0-9a-f]{8} in/);
    const rows = await sql(await named("copy"), "SELECT name, mail, (SELECT count(*) FROM seeds) FROM people");
    expect(rows).toContain("Ada|nobody@example.invalid|1");
    expect((await main("SELECT mail FROM people")).output).toContain("ada@example.org");
    project.write("harmless.sql", "UPDATE nothing SET mail = '';\n");
    const failed = await refused("preview-env", "up", "broken");
    expect(failed).toContain("The SQL failed that changes the restored data. Nothing was changed.");
    expect(
      await refused("exec", "--stack", "preview-broken", "postgres", "psql -qU postgres app -c 'TABLE people'"),
    ).toContain('relation "people" does not exist');
    for (const name of ["copy", "broken"]) await berth("preview-env", "down", name);
    expect((await project.berth("down", "--yes")).failed).toBe(false);
  });

  test("are removed by prune when their lifetime is over, and the front door with the last", async () => {
    expect(await berth("preview-env", "prune")).toContain("No preview environment has expired.");
    const feature = await named(FEATURE);
    const expired = JSON.stringify({ expires: "2026-01-01T00:00:00.000Z", commit: "", by: "ada", complete: true });
    await pulumi("stack", "tag", "set", "berth:preview-up", expired, "--stack", feature.stack);
    expect(await berth("preview-env", "list")).toMatch(/ expired /);
    const output = await berth("preview-env", "prune");
    expect(output).toContain(`Taking down ${feature.name}, which expired 2026-01-01`);
    expect(output).toContain(`Removed: ${feature.name}`);
    await sleep(1000);
    expect(await remains(`guestbook-${feature.stack}`)).toEqual([]);
    expect(await list()).toEqual([]);
    for (const words of ["ps --all", "network ls", "volume ls"]) {
      expect(await server.docker(...words.split(" "), "--quiet", "--filter", "name=berth-door"), words).toBe("");
    }
  });
});
