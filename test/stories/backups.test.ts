import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bridgeAddress } from "../servers/docker";
import { S3TestServer } from "../servers/s3";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { containersOf, type Docker, expectKept, type OfficeDay, officeDay, signedIn } from "../support/office-story";
import { freePort } from "../support/ports";
import { whileVisiting } from "../support/visitors";

interface Snapshot {
  id: string;
  tags: string[];
}

let server: StandInServer;
let storage: S3TestServer;
let deployment: Deployment;
let monitor: Server;
let settings: Record<string, unknown>;
let day: OfficeDay;
let page: string;
/** Paths requested from the monitoring service. */
const pings: string[] = [];
const passphrase = randomBytes(16).toString("hex");
const docker: Docker = (...words) => server.docker(...words);

beforeAll(async () => {
  [server, storage] = await Promise.all([StandInServer.start({ name: "backups" }), S3TestServer.start()]);
  const [host, port] = [await bridgeAddress(), await freePort()];
  monitor = createServer((request, answer) => {
    pings.push(request.url ?? "");
    answer.end();
  }).listen(port, host);
  settings = {
    drainSeconds: 5,
    backupPingUrl: `http://${host}:${port}/ping`,
    backupS3Endpoint: storage.endpoint,
    backupS3Bucket: storage.bucket,
    backupS3AccessKeyId: storage.accessKeyId,
  };
  deployment = await Deployment.create("backups", { ...server.settings, ...settings });
  await deployment.setSecret("backupPassphrase", passphrase);
  await deployment.setSecret("backupS3SecretAccessKey", storage.secretAccessKey);
  // Any failure then has another cause than the provider's timeout.
  deployment.edit("index.ts", (text) =>
    text.replace('("backups", {', '("backups", { transform: (args) => ({ ...args, destroyGraceSeconds: 1 }),'),
  );
  page = `http://${server.address}/api/health/`;
  await deployment.make("up");
  day = await officeDay(deployment, docker);
});

afterAll(async () => {
  monitor?.close();
  await server?.stop();
  await storage?.stop();
  deployment?.remove();
});

/** Runs a script in the backup container. */
async function inside(script: string): Promise<string> {
  const [id = ""] = await containersOf(deployment, docker, "backups");
  return docker("exec", id, "sh", "-euc", script);
}

async function snapshots(where: "local" | "offsite" = "local"): Promise<Snapshot[]> {
  return JSON.parse(await inside("sh /opt/berth/backups.sh snapshots"))[where] as Snapshot[];
}

const ids = async () => (await snapshots()).map(({ id }) => id);

/** As if the container had been off for a long time. */
const skipScheduledRun = () => inside("echo 20200101 >/srv/backups/journal/slot");

async function health(): Promise<{ status: string; said: string }> {
  const [id = ""] = await containersOf(deployment, docker, "backups");
  const { Status, Log } = JSON.parse(await docker("inspect", "--format", "{{json .State.Health}}", id));
  return { status: Status, said: Log.at(-1)?.Output ?? "" };
}

test("a new stack takes its first backup, copies it off-site and proves that it can be restored", async () => {
  await eventually(120, async () => expect(await deployment.make("status")).toContain("Last proven restore: of"));
  const said = await deployment.make("status");
  expect(said).toMatch(/^Last good backup: [0-9a-f]{8}, \d+ (s|min) ago$/m);
  expect(said).toMatch(/^Off-site: copied \d+ (s|min) ago$/m);
  expect(said).toMatch(/^Last proven restore: of [0-9a-f]{8}, \d+ (s|min) ago$/m);
  expect((await snapshots()).map(({ tags }) => tags)).toEqual([["scheduled"]]);
  expect(await snapshots("offsite")).toHaveLength(1);
  expect(pings).toContain("/ping");
});

test("`make backup` takes a backup, `make backups` lists backups with their locations", async () => {
  expect(await deployment.make("backup")).toMatch(/Backup [0-9a-f]{8} \(manual\) in \d+ s\./);
  const listed = await deployment.make("backups");
  expect(listed).toMatch(/^[0-9a-f]{8} .* manual .* MiB .* server, off-site$/m);
  expect(listed).toMatch(/^[0-9a-f]{8} .* scheduled .* MiB .* server, off-site$/m);
});

test("`make restore-drill` restores into a temporary database and compares rows, migrations and files", async () => {
  const said = await deployment.make("restore-drill");
  expect(said).toMatch(
    /files: 1 restored, 1 equal to those in use, 0 changed since; postgres: \d+ rows in \d+ tables, \d\d migrations/,
  );
});

test("off-site data is unreadable without the passphrase, and the passphrase appears nowhere in plain text", async () => {
  expect(await storage.contains(day.document.subarray(100, 200))).toBe(false);
  const ids = await containersOf(deployment, docker);
  const told = await docker("inspect", ...ids);
  expect(told).not.toContain(storage.secretAccessKey);
  expect(deployment.state()).not.toContain(storage.secretAccessKey);
});

describe("one flipped bit in the repository", { tags: "extended" }, () => {
  const flip = `set +f; file=$(ls -S $(find /srv/backups/repository/data -type f) | head -n 1)
    byte=$(od -An -tu1 -j 100 -N 1 "$file"); 
    printf "\\\\$(printf %o $((byte ^ 1)))" | dd of="$file" bs=1 seek=100 conv=notrunc 2>/dev/null`;

  test("makes the drill fail, the container unhealthy and the monitoring report a failure", async () => {
    await inside(flip);
    pings.length = 0;
    const { failed, output } = await deployment.tryMake("restore-drill");
    expect(failed).toBe(true);
    expect(output).toContain("THE RESTORE DRILL FAILED");
    expect(pings).toEqual(["/ping/fail"]);
    const status = await deployment.tryMake("status");
    expect(status.failed).toBe(true);
    expect(status.output).toContain("THE LAST RESTORE DRILL FAILED");
    await eventually(180, async () => expect((await health()).status).toBe("unhealthy"));
    expect((await health()).said).toMatch(/^Last good backup: .*\n(.*\n)*Not well:\n {2}THE LAST RESTORE DRILL FAILED/);
  });

  test("blocks neither users nor releases, and a successful drill makes the container healthy again", async () => {
    deployment.write("backend/config/release.py", "# Another release.\n");
    await deployment.make("up");
    await expectKept(deployment, day);
    await inside(flip);
    await deployment.make("restore-drill");
    await eventually(180, async () => expect((await health()).status).toBe("healthy"));
  });
});

describe("the schedule and its limits", () => {
  const slow = async (cpus: string) => {
    const [id = ""] = await containersOf(deployment, docker, "backups");
    await docker("update", "--cpus", cpus, id);
  };
  /** New backups; of the scheduled ones only the last of a day is kept. */
  const since = async (before: string[]) => (await ids()).filter((id) => !before.includes(id));
  const running = async () => {
    const [id = ""] = await containersOf(deployment, docker, "backups");
    return (await docker("top", id)).includes("backup --json");
  };
  /** New data for a backup that takes some time. */
  const large = async (name: string) => {
    const [backend = ""] = await containersOf(deployment, docker, "backend");
    await docker("exec", backend, "sh", "-c", `head -c 20000000 /dev/urandom >/srv/mailtracker/pdfs/${name}.bin`);
  };

  test("a backup killed half-way does not count, removes nothing and is made up", { tags: "extended" }, async () => {
    const before = await ids();
    await large("killed");
    await slow("0.1");
    await skipScheduledRun();
    await eventually(300, async () => expect(await running()).toBe(true));
    const [id = ""] = await containersOf(deployment, docker, "backups");
    await server.exec(`kill -9 $(docker inspect --format '{{.State.Pid}}' ${id})`);
    await eventually(90, async () => expect(await ids()).toEqual(before));
    await slow("1");
    await eventually(300, async () => expect(await since(before)).toHaveLength(1));
  });

  test("backups never overlap: the second waits for the first", async () => {
    await slow("0.2");
    const both = await Promise.all([deployment.make("backup"), deployment.make("backup")]);
    await slow("1");
    expect(both.join()).toContain("Waiting for the one in progress.");
    for (const said of both) expect(said).toMatch(/Backup [0-9a-f]{8} \(manual\)/);
  });

  test("a release that replaces the container neither interrupts nor duplicates a running backup", {
    tags: "extended",
  }, async () => {
    const before = await ids();
    const [old = ""] = await containersOf(deployment, docker, "backups");
    const send = (signal: string) =>
      server.exec(`docker top ${old} -eo pid,args | awk '/backup --json/ { print $1 }' | xargs kill -${signal}`);
    await slow("0.1");
    await skipScheduledRun();
    await eventually(300, async () => expect(await running()).toBe(true));
    // It continues only once the release waits for it.
    await send("STOP");
    await slow("1");
    const told = server.exec(`docker logs --follow ${old} 2>&1`);
    deployment.configure({ ...server.settings, ...settings, backupTime: "02:01" });
    const release = deployment.up();
    await eventually(240, async () => expect(await server.exec("pgrep -f '[d]ocker stop -t -1' || true")).not.toBe(""));
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await send("CONT");
    expect(await release).toMatch(
      /Waiting for the previous backup container to complete its task: .*a backup for \d+ s/,
    );
    const [fresh] = await containersOf(deployment, docker, "backups");
    expect(fresh).not.toBe(old);
    expect(await since(before)).toHaveLength(1);
    const [made] = (await snapshots()).filter(({ id }) => !before.includes(id));
    expect(await told).toContain(`Backup ${made?.id.slice(0, 8)} (scheduled)`);
    const due =
      ". /opt/berth/journal.sh; . /opt/berth/schedule.sh; [ $(due_slot) -le $(read_note slot 0) ] || echo due";
    expect(await inside(due)).toBe("");
  });
});

test("unreachable storage: the site serves, the failure is reported, the disk does not fill, and the copy is made up", {
  tags: "extended",
}, async () => {
  const used = async () => Number((await inside("du -sk /srv/backups")).split("\t")[0]);
  const before = await used();
  await storage.pause();
  pings.length = 0;
  const visits = await whileVisiting(page, async () => {
    for (const _ of [1, 2]) {
      const { failed, output } = await deployment.tryMake("backup");
      expect(failed).toBe(true);
      expect(output).toMatch(/Backup [0-9a-f]{8} \(manual\)/);
      expect(output).toMatch(/Copying to s3:\S+ failed:/);
    }
  });
  expect(visits.failures).toEqual([]);
  expect(pings).toEqual(["/ping/fail", "/ping/fail"]);
  const status = await deployment.tryMake("status");
  expect(status.failed).toBe(true);
  expect(status.output).toContain("The last copy off-site failed");
  await eventually(180, async () => expect((await health()).status).toBe("unhealthy"));
  expect((await used()) - before).toBeLessThan(3000);
  const listed = await deployment.make("backups");
  expect(listed).toContain("The off-site storage does not answer");
  await storage.resume();
  await deployment.make("backup");
  expect(await snapshots("offsite")).toHaveLength((await snapshots()).length);
  await eventually(180, async () => expect((await health()).status).toBe("healthy"));
});

describe("a release with new migrations", { tags: "extended" }, () => {
  const sql = (text: string) => deployment.make("psql", `SQL=${text}`);
  const released = async () =>
    (await snapshots()).flatMap(({ tags }) => tags).filter((tag) => tag.startsWith("before-"));
  const known = async () => [await ids(), (await snapshots("offsite")).map(({ id }) => id)].flat();
  let before: string[];

  test("takes a backup named after it before each attempt, and a release without migrations takes none", async () => {
    expect(await released()).toEqual([]);
    deployment.write("backend/config/another.py", "# Another release.\n");
    await deployment.make("up");
    expect(await released()).toEqual([]);
    deployment.write(
      "backend/mails/migrations/9999_test.py",
      `from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("mails", "0003_history")]
    operations = [migrations.RunSQL("CREATE TABLE attic ()")]
`,
    );
    await sql("CREATE TABLE attic ()");
    before = await known();
    await deployment.setSecret("backupPassphrase", randomBytes(16).toString("hex"));
    const { failed, output } = await deployment.tryMake("up");
    expect(failed).toBe(true);
    expect(output).toContain("already exists");
    // The backup container has the previous passphrase and keeps running.
    expect(await deployment.make("backup")).toMatch(/Backup [0-9a-f]{8} \(manual\)/);
    await sql("DROP TABLE attic");
    await deployment.make("up");
    const { release } = await deployment.outputs();
    expect(await released()).toEqual([`before-${release}`, `before-${release}`]);
  });

  test("may change the passphrase too: the backups are kept, and the previous passphrase opens none of them", async () => {
    expect(await known()).toEqual(expect.arrayContaining(before));
    const withOld = (repository: string) =>
      inside(
        `AWS_SHARED_CREDENTIALS_FILE=/run/secrets/s3-credentials RESTIC_PASSWORD=${passphrase} restic --repo ${repository} --no-lock cat config 2>&1`,
      );
    await eventually(90, async () => {
      await expect(withOld("/srv/backups/repository")).rejects.toThrow("wrong password");
      await expect(withOld('"$OFFSITE"')).rejects.toThrow("wrong password");
    });
    await deployment.make("backup");
    expect(await known()).toEqual(expect.arrayContaining(before));
  });
});

describe("`make restore`", () => {
  test("does nothing without confirmation", async () => {
    const { failed, output } = await deployment.tryMake("restore");
    expect(failed).toBe(true);
    expect(output).toContain(`To run it without a question: npx berth restore --yes --stack ${deployment.stack}`);
    const unknown = await deployment.tryMake("restore", "WHICH=ffffffff", "YES=1");
    expect(unknown.failed).toBe(true);
    expect(unknown.output).toContain("There is no backup ffffffff.");
  });

  test("restores rows and files, reports the duration, and keeps the previous data in a backup", async () => {
    await deployment.make("backup");
    const site = await signedIn(deployment);
    const later = await site.createMail("2026/later");
    await site.attach(later, "later.pdf", day.document);
    const [backend = ""] = await containersOf(deployment, docker, "backend");
    await docker("exec", backend, "sh", "-c", "rm -r /srv/mailtracker/pdfs/*");
    await eventually(60, async () => expect((await site.get(day.path)).status).toBe(404));

    const said = await deployment.make("restore", "YES=1");
    expect(said).toMatch(/Restored [0-9a-f]{8} in \d+ s; downtime \d+ s, within the objective of 4 h\./);
    await expectKept(deployment, day);
    expect((await site.get(`/api/mails/${later}/`)).status).toBe(404);
    const [undone] = (await snapshots()).filter(({ tags }) => tags.includes("before-restore"));
    await deployment.make("restore", `WHICH=${undone?.id.slice(0, 8)}`, "YES=1");
    expect((await site.get(`/api/mails/${later}/`)).status).toBe(200);
    await deployment.make("drift");
  });

  test("of a backup from before the last migrations runs them again", { tags: "extended" }, async () => {
    const [first] = await snapshots();
    const { release } = await deployment.outputs();
    const before = (await snapshots()).findLast(({ tags }) => tags.includes(`before-${release}`));
    expect(before?.id).not.toBe(first?.id);
    const said = await deployment.make("restore", `WHICH=before-${release}`, "YES=1");
    expect(said).toContain(`Restored ${before?.id.slice(0, 8)} in`);
    expect(await deployment.make("psql", "SQL=SELECT count(*) FROM attic")).toMatch(/0/);
    await expectKept(deployment, day);
  });

  test("leaves everything unchanged when it fails", { tags: "extended" }, async () => {
    const site = await signedIn(deployment);
    const later = await site.createMail("2026/kept");
    await deployment.make("backup");
    const [newest] = (await snapshots()).slice(-1);
    await inside(
      `set +f; for file in $(find /srv/backups/repository/data -type f -mmin -1); do mv $file /work/$(basename $file).kept; done`,
    );
    const { failed, output } = await deployment.tryMake(
      "restore",
      `WHICH=${newest?.id.slice(0, 8)}`,
      "YES=1",
      "SAFETY=no",
    );
    expect(failed).toBe(true);
    expect(output).toContain("Nothing was changed. The stack is running again.");
    expect((await site.get(`/api/mails/${later}/`)).status).toBe(200);
    await expectKept(deployment, day);
    await inside(
      "set +f; for file in /work/*.kept; do name=$(basename $file .kept); mv $file /srv/backups/repository/data/$(echo $name | cut -c 1-2)/$name; done",
    );
  });

  test("is reverted when the stack cannot run with the backup", { tags: "extended" }, async () => {
    const sql = (text: string) => deployment.make("psql", `SQL=${text}`);
    const carriedOut = () => sql("SELECT count(*) FROM django_migrations");
    const before = await carriedOut();
    // The backup has the tables of the first migration, but no record of it.
    await sql("CREATE TABLE known AS TABLE django_migrations; TRUNCATE django_migrations");
    await deployment.make("backup");
    await sql("INSERT INTO django_migrations TABLE known; DROP TABLE known");
    const { failed, output } = await deployment.tryMake("restore", "YES=1", "SAFETY=no");
    expect(failed).toBe(true);
    expect(output).toMatch(/migrate-\w+ failed:[\s\S]* already exists/);
    expect(output).toContain("The previous data is back, and the stack runs with it.");
    expect(await carriedOut()).toBe(before);
    await expectKept(deployment, day);
    await deployment.make("backup");
  });
});

test("a lost server is rebuilt from a bare one, the off-site backups and the configuration", {
  tags: "extended",
}, async () => {
  await deployment.make("backup");
  const rows = () =>
    deployment.make("psql", "SQL=SELECT count(*), md5(string_agg(m::text, '|' ORDER BY id)) FROM mails_mail m");
  const before = await rows();
  const kept = (await snapshots("offsite")).length;
  await server.stop();

  const began = Date.now();
  server = await StandInServer.start({ name: "backups", bare: true });
  await deployment.run("stack", "rm", deployment.stack, "--force", "--preserve-config", "--yes");
  deployment.configure({ ...server.settings, ...settings });
  await deployment.make("up");
  // Existing off-site backups are left unchanged until somebody decides about them.
  const { output } = await deployment.tryMake("backup");
  expect(output).toContain("There are backups of an earlier server.");
  expect(await snapshots("offsite")).toHaveLength(kept);

  const said = await deployment.make("restore", "YES=1");
  console.log(`Moved in ${Math.round((Date.now() - began) / 1000)} s: ${said}`);
  expect(await rows()).toBe(before);
  await expectKept(deployment, day);
  expect((await snapshots("offsite")).length).toBeGreaterThan(kept);
});
