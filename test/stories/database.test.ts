import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { containersOf, type Docker, expectKept, type OfficeDay, officeDay, signedIn } from "../support/office-story";
import { type Registered, storedReferences, whileRegistering } from "../support/registered-mails";

let server: StandInServer;
let deployment: Deployment;
let day: OfficeDay;
const docker: Docker = (...words) => server.docker(...words);

beforeAll(async () => {
  // A separate disk that can be filled.
  server = await StandInServer.start({ name: "database", diskMb: 3000 });
  deployment = await Deployment.create("database", settings());
  await deployment.make("up");
  day = await officeDay(deployment, docker);
});

const settings = () => ({ ...server.settings, drainSeconds: 5 });

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
});

/** Confirmed mails are stored exactly once. */
async function isAllThere({ confirmed }: Registered): Promise<void> {
  const references = await storedReferences(deployment);
  for (const reference of confirmed.keys()) expect(references.filter((one) => one === reference)).toEqual([reference]);
}

const works = () =>
  eventually(60, async () => {
    await (await signedIn(deployment)).createMail(`works/${Date.now()}`);
  });

test("PostgreSQL killed with -9 recovers without losing committed rows, and the backend reconnects", {
  tags: "extended",
}, async () => {
  const [postgres = ""] = await containersOf(deployment, docker, "postgres");
  const registered = await whileRegistering(deployment, "killed", async () => {
    for (let kill = 1; kill <= 3; kill++) {
      await sleep(3000);
      // Kills the server and all its processes at once.
      await server.exec(`kill -9 $(docker inspect --format '{{.State.Pid}}' ${postgres})`);
      await works();
    }
  });
  expect(registered.confirmed.size).toBeGreaterThan(50);
  await isAllThere(registered);
  expect(await docker("inspect", "--format", "{{.RestartCount}}", postgres)).toBe("3");
  await expectKept(deployment, day);
});

test("another name of the database is refused before PostgreSQL stops, and the next `up` sets it back", {
  tags: "extended",
}, async () => {
  const postgres = await containersOf(deployment, docker, "postgres");
  const registered = await whileRegistering(deployment, "renamed", async () => {
    await sleep(2000);
    deployment.configure({ ...settings(), databaseName: "post" });
    const { output, failed } = await deployment.tryMake("up");
    expect(output).toContain("PostgreSQL's database is mailtracker, and the configuration names it post");
    expect(failed).toBe(true);
  });
  expect(registered.confirmed.size).toBeGreaterThan(20);
  expect(registered.refused).toBe(0);
  expect(await containersOf(deployment, docker, "postgres")).toEqual(postgres);
  deployment.configure(settings());
  await deployment.make("up");
  expect(await containersOf(deployment, docker, "postgres")).toEqual(postgres);
  await isAllThere(registered);
  await expectKept(deployment, day);
});

test("a full database disk refuses writes, corrupts nothing, and the stack recovers when there is space", {
  tags: "extended",
}, async () => {
  const disk = "/var/lib/docker";
  const registered = await whileRegistering(deployment, "full", async () => {
    await sleep(2000);
    await server.exec(
      `fallocate -l $(df --output=avail -B1 ${disk} | tail -n 1) ${disk}/full; dd if=/dev/zero of=${disk}/rest 2>/dev/null || true`,
    );
    // Uses up preallocated space first.
    await deployment.makeWithInput(
      "CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 300000);",
      "psql",
    );
    await sleep(5000);
    const backup = await deployment.tryMake("backup");
    expect(backup.failed).toBe(true);
    expect(backup.output).toMatch(
      /Only \d+ MiB are free on the disk, and a backup may need \d+ MiB|No space left on device/i,
    );
    await server.exec(`rm ${disk}/full ${disk}/rest`);
    await works();
  });
  expect(registered.confirmed.size).toBeGreaterThan(20);
  expect(registered.refused).toBeGreaterThan(0);
  await isAllThere(registered);
  await expectKept(deployment, day);
  // Every page of every table is readable, and a restored copy is identical.
  await deployment.make("backup");
  expect(await deployment.make("restore-drill")).toContain("proven");
});
