import { afterAll, beforeAll, expect, test } from "vitest";
import { Deployment } from "../support/deployment";
import { type LoadTarget, type Met, underLoad } from "../support/load";
import { localDocker } from "../support/local-docker";
import { containersOf, signedIn } from "../support/office-story";
import { pdf } from "../support/pdf";
import { freePort } from "../support/ports";

let deployment: Deployment;
let target: LoadTarget;
let settings: Record<string, unknown>;

beforeAll(async () => {
  const httpPort = await freePort();
  settings = {
    httpAddress: "127.0.0.1",
    httpPort,
    replicas: 2,
    drainSeconds: 60,
    gunicornWorkers: 2,
    maxPdfSizeMb: 60,
  };
  deployment = await Deployment.create("unnoticed", settings);
  // Work that takes 20 seconds, which Mail Tracker itself has none of.
  deployment.edit("backend/config/urls.py", (text) =>
    text.replace(
      "urlpatterns = [",
      `from time import sleep
from rest_framework.decorators import api_view
from rest_framework.response import Response
slow = api_view(["GET"])(lambda request: (sleep(20), Response("done"))[1])
urlpatterns = [
    path("api/slow/", slow),`,
    ),
  );
  await deployment.up();
  const site = await signedIn(deployment);
  const mail = await site.createMail("load");
  target = {
    site,
    mail,
    slowPath: "/api/slow/",
    pdfPath: await site.attach(mail, "long.pdf", await pdf(1, 50_000_000)),
  };
});

afterAll(async () => {
  await deployment.make("down", "VOLUMES=delete");
  deployment.remove();
});

test("ten releases of the application", async () => {
  const met = await underLoad(target, async () => {
    for (let release = 1; release <= 10; release++) {
      deployment.edit(
        "backend/operations/health.py",
        (text) => `${text.replace(/\n# Release .*\n$/, "\n")}# Release ${release}.\n`,
      );
      await deployment.up();
    }
  });
  await nobodyNoticed(met);
});

test("another nginx.conf, another nginx, another setting, another secret", async () => {
  const met = await underLoad(target, async () => {
    deployment.edit("nginx/nginx.conf", (text) => text.replace("gzip_min_length 1024;", "gzip_min_length 2048;"));
    await deployment.up();
    deployment.edit("nginx/Dockerfile", (text) => `${text}LABEL another="version"\n`);
    await deployment.up();
    settings = { ...settings, maxPdfSizeMb: 61 };
    deployment.configure(settings);
    await deployment.up();
    settings = { ...settings, secretKeyVersion: 2, databasePasswordVersion: 2 };
    deployment.configure(settings);
    await deployment.up();
  });
  await nobodyNoticed(met);
});

test("more replicas, and fewer", async () => {
  const met = await underLoad(target, async () => {
    for (const replicas of [1, 3, 2]) {
      deployment.configure({ ...settings, replicas });
      await deployment.up();
      expect(await containersOf(deployment, localDocker, "backend")).toHaveLength(replicas);
    }
  });
  await nobodyNoticed(met);
});

/** Nothing failed, and what was confirmed is there exactly once. */
async function nobodyNoticed({ answered, failed, registered }: Met): Promise<void> {
  expect(failed).toEqual([]);
  expect(Object.values(answered).every((count) => count > 0)).toBe(true);
  expect(Object.keys(answered)).toHaveLength(6);
  expect(answered["page, kept connection"]).toBeGreaterThan(200);
  expect(registered.length).toBeGreaterThan(100);
  const [postgres = ""] = await containersOf(deployment, localDocker, "postgres");
  const query = "select reference from mails_mail where reference like 'load/%'";
  const stored = await localDocker(
    "exec",
    postgres,
    "psql",
    "-U",
    "mailtracker_user",
    "-d",
    "mailtracker",
    "-Atc",
    query,
  );
  const there = stored.split("\n");
  expect(new Set(there).size).toBe(there.length);
  expect(registered.filter((reference) => !there.includes(reference))).toEqual([]);
}
