import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { upKilledAt } from "../support/interrupted";
import { containersOf, type Docker, expectKept, type OfficeDay, officeDay, signedIn } from "../support/office-story";
import { whileVisiting } from "../support/visitors";

/** A table whose rows another version of PostgreSQL computes differently. */
const UNEQUAL = {
  made: `CREATE FUNCTION version_of(int) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT current_setting('server_version_num')::int $$;
    CREATE TABLE versions (id int, version int GENERATED ALWAYS AS (version_of(id)) STORED); INSERT INTO versions VALUES (1)`,
  undone: "DROP TABLE versions; DROP FUNCTION version_of",
};

let machine: StandInServer;
let deployment: Deployment;
let docker: Docker;
let settings: Record<string, unknown>;
let day: OfficeDay;
let health: string;
/** A backup taken with the old version. */
let old: string;

beforeAll(async () => {
  machine = await StandInServer.start({ name: "upgrade" });
  docker = machine.docker;
  health = `http://${machine.address}/api/health/`;
  settings = {
    ...machine.settings,
    drainSeconds: 5,
    databaseVersion: 15,
  };
  deployment = await Deployment.create("upgrade", settings);
  await deployment.make("up");
  day = await officeDay(deployment, docker);
});

afterAll(async () => {
  await machine?.stop();
  deployment?.remove();
});

test("another major version is refused in the plan, and by an `up` before it stops anything", async () => {
  const before = await server();
  deployment.configure({ ...settings, databaseVersion: 17 });
  const { output, exitCode } = await deployment.plan();
  expect(output).toContain(
    'postgres has data of PostgreSQL 15, which PostgreSQL 17 cannot read: consent to the upgrade ("15 -> 17")',
  );
  expect(exitCode).toBe(4);
  const refused = await deployment.tryMake("up");
  expect(refused.failed).toBe(true);
  expect(refused.output).toContain(
    "has data of PostgreSQL 15, and the image postgres:17-alpine is PostgreSQL 17. Nothing was changed.",
  );
  expect(refused.output).toContain('"15 -> 17"');
  expect(await server()).toBe(before);
  await expectKept(deployment, day);
});

test("a consent to another upgrade is rejected", { tags: "extended" }, async () => {
  const before = await server();
  deployment.configure({ ...settings, databaseVersion: 17, databaseUpgrade: "16 -> 17" });
  expect((await deployment.plan()).exitCode).toBe(4);
  const { failed, output } = await deployment.tryMake("up");
  expect(failed).toBe(true);
  expect(output).toContain(
    "The server is PostgreSQL 15, and the image postgres:17-alpine is PostgreSQL 17. Nothing was changed.",
  );
  expect(await server()).toBe(before);
});

test("what the new version does not know stops the upgrade, and the old server keeps running with all its data; no read fails", {
  tags: "extended",
}, async () => {
  // Removed in PostgreSQL 17.
  await psql("CREATE EXTENSION adminpack");
  await stoppedFor(/extension "adminpack" is not available/);
  await psql("DROP EXTENSION adminpack");
});

test("a copy that differs stops the upgrade, and the old server keeps running with all its data; no read fails", async () => {
  await psql(UNEQUAL.made);
  await stoppedFor(/> mailtracker rows public\.versions 1 -?\d+[\s\S]*The copy differs/);
  await psql(UNEQUAL.undone);
});

test("so does a new server that is killed half-way", { tags: "extended" }, async () => {
  const before = await server();
  const [output] = await Promise.all([upgrading({ failing: true }), killedHalfWay()]);
  expect(output).toContain("PostgreSQL 15 keeps running with all its data");
  await asBefore(before);
});

test("writers of several tables neither block it nor are terminated for it", { tags: "extended" }, async () => {
  await psql(`${UNEQUAL.made}; CREATE TABLE owners (id int PRIMARY KEY); INSERT INTO owners SELECT generate_series(1, 50);
    CREATE TABLE things (id serial PRIMARY KEY, owner int REFERENCES owners);
    CREATE TABLE parts (id serial PRIMARY KEY, thing int REFERENCES things, owner int REFERENCES owners)`);
  const before = await server();
  // It holds another lock at the end than at first.
  const transaction = `\\set owner random(1, 50)
BEGIN;
INSERT INTO things (owner) VALUES (:owner) RETURNING id \\gset
INSERT INTO parts (thing, owner) VALUES (:id, :owner);
UPDATE owners SET id = id WHERE id = :owner;
INSERT INTO things (owner) VALUES (:owner);
COMMIT;
`;
  const [id = ""] = await containersOf(deployment, docker, "postgres");
  const bench = ["pgbench", "-n", "-U", "mailtracker_user", "-c", "16", "-T", "50", "-f", "/tmp/busy.sql"];
  const busy = docker(
    ...["exec", id, "sh", "-c", 'printf %s "$1" >/tmp/busy.sql && shift && exec "$@" mailtracker', "sh"],
    ...[transaction, ...bench],
  );
  const [output, written] = await Promise.all([upgrading({ failing: true }), busy]);
  expect(output).toContain("The copy differs");
  expect(written).toMatch(/number of transactions actually processed: \d{4,}/);
  expect(written).toContain("number of failed transactions: 0 ");
  await psql(`${UNEQUAL.undone}; DROP TABLE parts, things, owners`);
  await asBefore(before);
});

test("with consent, all data is on the new version, including rows written meanwhile", async () => {
  old = /Backup ([0-9a-f]{8})/.exec(await deployment.make("backup"))?.[1] ?? "";
  const rows = await rowsBefore();
  const written: string[] = [];
  let done = false;
  const site = await signedIn(deployment);
  const write = async (writer: number) => {
    for (let number = 1; !done; number++) {
      const reference = `while-upgrading/${writer}/${number}`;
      const made = await site.createMail(reference).catch(() => undefined);
      if (made !== undefined) written.push(reference);
    }
  };
  // Several wait at the moment of the switch, in connections older than the locks.
  const writing = Promise.all([1, 2, 3, 4].map(write));
  deployment.configure({ ...settings, databaseVersion: 17, databaseUpgrade: "15 -> 17" });
  const { output: plan, exitCode } = await deployment.plan();
  expect(plan).toMatch(
    /data change, downtime \(~\d+ s\) +postgres: replaced, old before new; image 15-alpine → 17-alpine/,
  );
  expect(plan).toContain("upgrade 15 -> 17: copies all data to a new volume and verifies it, while writers wait");
  expect(exitCode, plan).toBe(3);
  const printed = await deployment.make("up");
  done = true;
  await writing;

  expect(printed).toMatch(
    /PostgreSQL 15 -> 17: the volume \S+-postgres_data_17 has all data, verified against the old server/,
  );
  expect(await psql("SHOW server_version_num")).toMatch(/^17/);
  expect(written.length).toBeGreaterThan(10);
  const there = (await psql("SELECT reference FROM mails_mail")).split("\n");
  expect(new Set(there).size).toBe(there.length);
  expect(written.filter((reference) => !there.includes(reference))).toEqual([]);
  expect(await rowsBefore()).toBe(rows);
  await expectKept(deployment, day);
  expect(await volumes()).toEqual([
    expect.stringMatching(/-postgres_data$/),
    expect.stringMatching(/-postgres_data_17$/),
  ]);
  const { output: next } = await deployment.plan();
  expect(next).toContain("Nothing to do");
  expect((await deployment.drift()).exitCode).toBe(0);
});

test("backups continue with the new version, and one of the old version is restored into it", {
  tags: "extended",
}, async () => {
  const rows = await rowsBefore();
  expect(await deployment.make("backup")).toMatch(/Backup [0-9a-f]{8} \(manual\)/);
  expect(await deployment.make("restore-drill")).toMatch(/postgres: \d+ rows in \d+ tables/);
  expect(await deployment.make("restore", `WHICH=${old}`, "YES=1")).toContain(`Restored ${old}`);
  expect(await psql("SHOW server_version_num")).toMatch(/^17/);
  expect(await psql("SELECT count(*) FROM mails_mail WHERE reference LIKE 'while-upgrading/%'")).toBe("0");
  expect(await rowsBefore()).toBe(rows);
  await expectKept(deployment, day);
});

test("a downgrade by configuration alone is refused, since newer rows would be missing", {
  tags: "extended",
}, async () => {
  const before = await server();
  deployment.configure(settings);
  expect((await deployment.plan()).exitCode).toBe(4);
  const { failed, output } = await deployment.tryMake("up");
  expect(failed).toBe(true);
  expect(output).toContain("already has data of PostgreSQL 15");
  expect(await server()).toBe(before);
});

test("a downgrade with consent uses the old volume as it was", { tags: "extended" }, async () => {
  await deployment.make("down", "YES=1");
  await deployment.make("up");
  expect(await psql("SHOW server_version_num")).toMatch(/^15/);
  await expectKept(deployment, day);
});

test("an `up` killed after the old server is deleted is completed by the next one", { tags: "extended" }, async () => {
  const rows = await rowsBefore();
  const [, copy = ""] = await volumes();
  await docker("volume", "rm", copy);
  deployment.configure({ ...settings, databaseVersion: 17, databaseUpgrade: "15 -> 17" });
  const step = "docker:index:Container postgres creating";
  expect(await upKilledAt(deployment, step)).toContain(step);
  await deployment.make("up");
  expect(await psql("SHOW server_version_num")).toMatch(/^17/);
  expect(await rowsBefore()).toBe(rows);
  await expectKept(deployment, day);
});

/** A hash of the rows from before the upgrade: mails, their PDFs, accounts. */
function rowsBefore(): Promise<string> {
  return psql(`SELECT md5(string_agg(t, '' ORDER BY t)) FROM (
    SELECT m::text t FROM mails_mail m WHERE reference NOT LIKE 'while-upgrading/%'
    UNION ALL SELECT a::text FROM mails_attachment a UNION ALL SELECT u.username || u.password FROM auth_user u) all_rows`);
}

/** The database's container and its start time. */
async function server(): Promise<string> {
  const [id = ""] = await containersOf(deployment, docker, "postgres");
  return docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}} {{.State.Running}}", id);
}

async function psql(sql: string): Promise<string> {
  const [id = ""] = await containersOf(deployment, docker, "postgres");
  return docker(
    "exec",
    id,
    "psql",
    "-qAtX",
    "-v",
    "ON_ERROR_STOP=1",
    "-U",
    "mailtracker_user",
    "-d",
    "mailtracker",
    "-c",
    sql,
  );
}

/** Attempts an upgrade while visitors read, and returns the output. */
async function upgrading({ failing }: { failing: boolean }): Promise<string> {
  deployment.configure({ ...settings, databaseVersion: 17, databaseUpgrade: "15 -> 17" });
  let result = { output: "", failed: false };
  const visits = await whileVisiting(health, async () => {
    result = await deployment.tryMake("up");
  });
  expect(result.failed).toBe(failing);
  expect(visits.failures).toEqual([]);
  expect(visits.answered).toBeGreaterThan(10);
  return result.output;
}

/** An upgrade stops for this reason and changes nothing. */
async function stoppedFor(reason: RegExp): Promise<void> {
  const before = await server();
  const output = await upgrading({ failing: true });
  expect(output).toMatch(reason);
  expect(output).toContain("PostgreSQL 15 keeps running with all its data");
  await asBefore(before);
}

async function asBefore(before: string): Promise<void> {
  expect(await server()).toBe(before);
  await expectKept(deployment, day);
  await (await signedIn(deployment)).createMail(`after/${Date.now()}`);
  expect(await containersOf(deployment, docker, "postgres-upgrade")).toEqual([]);
}

/** Waits until the new server has taken over the application's database, and kills it. */
async function killedHalfWay(): Promise<void> {
  for (;;) {
    const [id] = await containersOf(deployment, docker, "postgres-upgrade");
    const asked = ["psql", "-qAtX", "-U", "mailtracker_user", "-d", "mailtracker", "-c", "SELECT 1"];
    if (id && (await docker("exec", id, ...asked).catch(() => "")) === "1") return void (await docker("kill", id));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function volumes(): Promise<string[]> {
  const listed = await docker("volume", "ls", "--quiet", "--filter", `label=berth.stack=${deployment.stack}`);
  return listed
    .split("\n")
    .filter((name) => name.includes("postgres_data"))
    .sort();
}
