import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { S3TestServer } from "../servers/s3";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { containersOf, type Docker, signedIn } from "../support/office-story";
import { storedReferences, whileRegistering } from "../support/registered-mails";

let server: StandInServer;
let storage: S3TestServer;
let deployment: Deployment;
let settings: Record<string, unknown>;
const docker: Docker = (...words) => server.docker(...words);

beforeAll(async () => {
  [server, storage] = await Promise.all([StandInServer.start({ name: "point-in-time" }), S3TestServer.start()]);
  settings = {
    drainSeconds: 5,
    backupS3Endpoint: storage.endpoint,
    backupS3Bucket: storage.bucket,
    backupS3AccessKeyId: storage.accessKeyId,
  };
  deployment = await Deployment.create("point-in-time", { ...server.settings, ...settings });
  await deployment.setSecret("backupPassphrase", randomBytes(16).toString("hex"));
  await deployment.setSecret("backupS3SecretAccessKey", storage.secretAccessKey);
  await deployment.make("up");
});

afterAll(async () => {
  await server?.stop();
  await storage?.stop();
  deployment?.remove();
});

const sql = (statement: string) => deployment.make("psql", `SQL=${statement}`);
/** Runs SQL as the owner of the database, with tables that the application may not touch. */
async function ofOwner(statement: string): Promise<string> {
  const [postgres = ""] = await containersOf(deployment, docker, "postgres");
  const script = 'psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --tuples-only --no-align --command "$1"';
  return server.docker("exec", postgres, "sh", "-c", script, "sh", statement);
}
const references = async () => new Set(await storedReferences(deployment));
const iso = (time: number) => new Date(time).toISOString().slice(0, 19);

/** Seconds that the archive is behind, as `berth status` says. */
async function behind(): Promise<number> {
  const { output } = await deployment.berth("status");
  const [, seconds = "Infinity"] = /^Point-in-time archive of postgres: (\d+) s behind, off-site/m.exec(output) ?? [];
  return Number(seconds);
}

/** The times that can be restored off-site, in milliseconds. */
async function ranges(): Promise<{ from: number; until: number }[]> {
  const { output } = await deployment.berth("backups", "--times", "--json");
  const listed = JSON.parse(output) as { from: string; until: string; where: string }[];
  return listed
    .filter(({ where }) => where === "off-site")
    .map(({ from, until }) => ({ from: Date.parse(from), until: Date.parse(until) }));
}

/** Begins a copy that is killed with the server, so that its lock stays in the off-site repository. */
async function leaveLock(): Promise<void> {
  const [backups = ""] = await containersOf(deployment, docker, "backups");
  const secrets =
    "RESTIC_PASSWORD_FILE=/run/secrets/passphrase AWS_SHARED_CREDENTIALS_FILE=/run/secrets/s3-credentials";
  const restic = `${secrets} restic --no-cache --repo "$OFFSITE"`;
  await server.exec(`docker exec --detach ${backups} sh -c 'sleep 1000 | ${restic} backup --stdin'`);
  await eventually(60, async () =>
    expect(await server.exec(`docker exec ${backups} sh -c '${restic} --no-lock list locks'`)).not.toBe(""),
  );
}

/** Waits until a time can be restored off-site. */
const archived = (time: number) =>
  eventually(180, async () => {
    const covering = (await ranges()).filter(({ from, until }) => from <= time && until >= time);
    expect(covering).not.toEqual([]);
  });

test("point-in-time recovery is turned on without a restart of the database", async () => {
  const [before] = await containersOf(deployment, docker, "postgres");
  Object.assign(settings, { backupPointInTimeDays: 7, backupPointInTimeProbe: true });
  deployment.configure({ ...server.settings, ...settings });
  expect((await deployment.plan()).output).toMatch(/No downtime, no data change/);
  await deployment.make("up");
  expect(await containersOf(deployment, docker, "postgres")).toEqual([before]);
  // The first base backup is taken after the deployment.
  await eventually(180, async () => expect(await ranges()).not.toEqual([]));
  await archived(Date.now());
  expect(await behind()).toBeLessThan(60);
});

describe("a table that somebody drops under load", () => {
  let dropped: number;
  let confirmed: Map<string, number>;

  test("is shown as it was the second before, beside the database in use", async () => {
    ({ confirmed } = await whileRegistering(deployment, "before", async () => {
      await sleep(20_000);
      dropped = Date.now();
      await sql("DROP TABLE mails_mail CASCADE");
    }));
    await archived(dropped);
    const statement = "SELECT count(*) AS there FROM mails_mail;\n";
    const { output } = await deployment.berthWithInput(
      statement,
      "restore",
      "--at",
      `${iso(dropped - 1000)}Z`,
      "--preview",
    );
    expect(output).toMatch(/there *\n-+\n +[1-9]\d*/);
  });

  test("is brought back with all rows of the second before, and the rest too", async () => {
    const time = dropped - 1000;
    const { output, failed } = await deployment.berth("restore", "--at", `${iso(time)}Z`, "--yes");
    expect(output).toMatch(/as they were at .* UTC\)/);
    expect(failed).toBe(false);
    const there = await references();
    // The clock of the test and the commit differ by the time of an answer.
    const kept = [...confirmed].filter(([, at]) => at < time - 1000).map(([reference]) => reference);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.filter((reference) => !there.has(reference))).toEqual([]);
    await (await signedIn(deployment)).createMail("after the restore");
  });

  test("can be taken back: the data from before the restore is a backup", async () => {
    const { output } = await deployment.berth("backups");
    expect(output).toMatch(/ before-restore /);
    expect(output).toMatch(/ point-in-time /);
  });
});

test("a drill proves a random time, and compares it with the rows of the probe", async () => {
  await sleep(130_000);
  expect(await deployment.make("restore-drill")).toMatch(
    /postgres at \S+ UTC: \d+ rows in \d+ tables, \d+ rows of the probe/,
  );
});

test("a receiver that stops does not stop the database, and the archive catches up", async () => {
  const [backups = ""] = await containersOf(deployment, docker, "backups");
  await server.exec(`docker pause ${backups}`);
  const { confirmed } = await whileRegistering(deployment, "paused", () => sleep(30_000));
  expect(confirmed.size).toBeGreaterThan(50);
  await server.exec(`docker unpause ${backups}`);
  await archived(Date.now());
});

test("the loss of the server with writes until the end costs seconds of them", {
  tags: "extended",
  timeout: 1_800_000,
}, async () => {
  const { confirmed } = await whileRegistering(deployment, "lost", async () => {
    await sleep(90_000);
    await leaveLock();
    await server.stop();
  });
  const last = Math.max(...confirmed.values());
  server = await StandInServer.start({ name: "point-in-time", bare: true });
  await deployment.run("stack", "rm", deployment.stack, "--force", "--preserve-config", "--yes");
  deployment.configure({ ...server.settings, ...settings });
  await deployment.make("up");
  const { failed } = await deployment.berth("restore", "--at", "latest", "--yes");
  expect(failed).toBe(false);
  const there = await references();
  const lost = [...confirmed].filter(([reference]) => !there.has(reference));
  const seconds = lost.length === 0 ? 0 : (last - Math.min(...lost.map(([, at]) => at))) / 1000;
  console.log(`Lost ${lost.length} of ${confirmed.size} rows: ${seconds} s of writes`);
  expect(seconds).toBeLessThan(60);
  // The new server continues the archive, from its first base backup on, which waits for the restore.
  const restored = Date.now();
  await eventually(180, async () => {
    const later = (await ranges()).filter(({ until }) => until > restored);
    expect(later).not.toEqual([]);
  });
});

test("the probe is turned off without a trace, and tables of the application in a schema of the same name stay", async () => {
  await ofOwner("CREATE TABLE berth.ours AS SELECT 1 AS kept");
  Object.assign(settings, { backupPointInTimeProbe: false });
  deployment.configure({ ...server.settings, ...settings });
  await deployment.make("up");
  expect(await ofOwner("SELECT tablename FROM pg_tables WHERE schemaname = 'berth'")).toBe("ours");
  await ofOwner("DROP TABLE berth.ours");
  await ofOwner("CREATE TABLE berth.probe AS SELECT 1 AS kept");
  Object.assign(settings, { backupPointInTimeProbe: true });
  deployment.configure({ ...server.settings, ...settings });
  expect((await deployment.tryMake("up")).output).toContain("has a table berth.probe of its own");
  expect(await ofOwner("SELECT kept FROM berth.probe")).toBe("1");
});

test("it is turned off without leaving a slot that keeps WAL", async () => {
  Object.assign(settings, { backupPointInTimeDays: 0, backupPointInTimeProbe: false });
  deployment.configure({ ...server.settings, ...settings });
  await deployment.make("up");
  expect(await sql("SELECT count(*) FROM pg_replication_slots")).toMatch(/^ *0$/m);
  expect(await ofOwner("SELECT kept FROM berth.probe")).toBe("1");
});
