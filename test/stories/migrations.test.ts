import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Deployment } from "../support/deployment";
import { localDocker } from "../support/local-docker";
import { containersOf, expectKept, type OfficeDay, officeDay, signedIn } from "../support/office-story";
import { freePort } from "../support/ports";
import { whileVisiting } from "../support/visitors";

const MIGRATION = "backend/mails/migrations/9999_test.py";

let deployment: Deployment;
let day: OfficeDay;
let url: string;

beforeAll(async () => {
  const httpPort = await freePort();
  url = `http://localhost:${httpPort}`;
  const settings = { httpAddress: "127.0.0.1", httpPort, drainSeconds: 5, migrationTimeoutSeconds: 30 };
  deployment = await Deployment.create("migrations", settings);
  await deployment.up();
  day = await officeDay(deployment, localDocker);
});

afterAll(async () => {
  await deployment.destroyWithData();
  deployment.remove();
});

test("a failing migration stops the release and prints its output, while the old version keeps serving", async () => {
  const { before, running } = await asItIs();
  deployment.write(MIGRATION, migration("raise RuntimeError('the attic is locked')"));
  const { failed, output } = await released();
  expect(failed).toBe(true);
  expect(output).toMatch(/Job mailtracker-migrations-\w+-migrate-\w+ failed: exited, exit code 1/);
  expect(output).toContain("the attic is locked");
  await nothingChanged(before, running);
});

test("a hanging migration is stopped at its timeout and prints its output, while the old version keeps serving", {
  tags: "extended",
}, async () => {
  const { before, running } = await asItIs();
  deployment.write(MIGRATION, migration("import time; print('waiting for the attic', flush=True); time.sleep(600)"));
  const { failed, output } = await released();
  expect(failed).toBe(true);
  expect(output).toContain("because it took longer than 30 s");
  expect(output).toContain("waiting for the attic");
  await nothingChanged(before, running);
});

test("the fixed migration runs once, before any new container starts, and pages of the old version keep their assets", async () => {
  const [, sheet = ""] =
    /href="(\/static\/[^"]+\.css)"/.exec(await (await deployment.fetch(`${url}/sign-in/`)).text()) ?? [];
  expect(sheet).not.toBe("");
  deployment.write(
    MIGRATION,
    migration("schema_editor.execute('CREATE TABLE attic (opened timestamptz DEFAULT now())')"),
  );
  deployment.edit("backend/mails/static/mails/page.css", (text) => `${text}\n/* Another release. */\n`);
  const visits = await whileVisiting(`${url}/api/health/`, () => deployment.up());
  expect(visits.failures).toEqual([]);

  const [migrate = ""] = await containersOf(deployment, localDocker, "migrate");
  const [backend = ""] = await containersOf(deployment, localDocker, "backend");
  const migrated = await localDocker("inspect", "--format", "{{.State.FinishedAt}}", migrate);
  expect(migrated < (await localDocker("inspect", "--format", "{{.State.StartedAt}}", backend))).toBe(true);
  const [, newSheet] =
    /href="(\/static\/[^"]+\.css)"/.exec(await (await deployment.fetch(`${url}/sign-in/`)).text()) ?? [];
  expect(newSheet).not.toBe(sheet);
  expect((await deployment.fetch(url + sheet)).status).toBe(200);
  await expectKept(deployment, day);
});

async function asItIs() {
  const before = await (await signedIn(deployment)).release();
  return { before, running: await containersOf(deployment, localDocker, "backend") };
}

/** Releases under load: none may cause downtime, whether it succeeds or fails. */
async function released() {
  let output = { failed: false, output: "" };
  const visits = await whileVisiting(`${url}/api/health/`, async () => {
    output = await deployment.tryMake("up");
  });
  expect(visits.answered).toBeGreaterThan(10);
  expect(visits.failures).toEqual([]);
  return output;
}

async function nothingChanged(release: string, running: string[]): Promise<void> {
  expect(await (await signedIn(deployment)).release()).toBe(release);
  expect(await containersOf(deployment, localDocker, "backend")).toEqual(running);
  await expectKept(deployment, day);
}

function migration(work: string): string {
  const last = readdirSync("backend/mails/migrations")
    .filter((name) => /^\d{4}_/.test(name))
    .sort()
    .at(-1)
    ?.slice(0, -3);
  return `from django.db import migrations


def work(apps, schema_editor):
    ${work}


class Migration(migrations.Migration):
    dependencies = [("mails", "${last}")]
    operations = [migrations.RunPython(work, migrations.RunPython.noop)]
`;
}
