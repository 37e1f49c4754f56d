import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { type LoadTarget, type Met, underLoad } from "../support/load";
import { containersOf, type Docker, signedIn } from "../support/office-story";
import { pdf } from "../support/pdf";
import { sample } from "../support/sample";
import { selfSignedCertificate } from "../support/self-signed-certificate";
import { connections, fetchAt } from "../support/web";

const NAME = "mail.office.test";

let server: StandInServer;
let deployment: Deployment;
let docker: Docker;
let target: LoadTarget;
let settings: Record<string, unknown>;
let another: { certificate: string; key: string };

beforeAll(async () => {
  server = await StandInServer.start({ name: "zero-downtime" });
  docker = server.docker;
  const one = await selfSignedCertificate(NAME);
  another = await selfSignedCertificate(NAME);
  settings = {
    ...server.settings,
    siteName: NAME,
    tls: "own",
    tlsCertificate: one.certificate,
    replicas: 2,
    drainSeconds: 60,
    gunicornWorkers: 2,
    maxPdfSizeMb: 60,
  };
  deployment = await Deployment.create("zero-downtime", settings);
  await configure({ tlsKey: one.key });
  // A request that takes 20 seconds, which Mail Tracker itself does not have.
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
  const where = { address: server.address, authorities: [one.certificate, another.certificate] };
  deployment.fetch = fetchAt(where);
  const site = await signedIn(deployment);
  const mail = await site.createMail("load");
  target = {
    site,
    mail,
    slowPath: "/api/slow/",
    pdfPath: await site.attach(mail, "long.pdf", await pdf(1, 50_000_000)),
    fresh: () => connections(where, { keep: false }),
  };
});

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
});

test("consecutive releases of the application", async () => {
  const met = await underLoad(target, async () => {
    for (const release of sample([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2)) {
      deployment.edit(
        "backend/operations/health.py",
        (text) => `${text.replace(/\n# Release .*\n$/, "\n")}# Release ${release}.\n`,
      );
      await deployment.up();
    }
  });
  await nobodyNoticed(met);
});

test("a changed nginx.conf, nginx image, setting, secret or certificate", async () => {
  const changes = [
    async () => deployment.edit("nginx/nginx.conf", (text) => text.replace("burst=5 nodelay", "burst=6 nodelay")),
    async () => deployment.edit("nginx/Dockerfile", (text) => `${text}LABEL another="version"\n`),
    () => configure({ secretKeyVersion: 2, databasePasswordVersion: 2 }),
    () => configure({ maxPdfSizeMb: 61 }),
    () => configure({ tlsCertificate: another.certificate, tlsKey: another.key }),
  ];
  const chosen = sample(changes, 2);
  const met = await underLoad(target, async () => {
    for (const change of chosen) {
      await change();
      await deployment.up();
    }
  });
  await nobodyNoticed(met, { pages: 67 * chosen.length, registered: 34 * chosen.length });
});

test("more replicas, and fewer", { tags: "extended" }, async () => {
  const met = await underLoad(target, async () => {
    for (const replicas of [3, 2]) {
      await configure({ replicas });
      await deployment.up();
      expect(await containersOf(deployment, docker, "backend")).toHaveLength(replicas);
    }
  });
  await nobodyNoticed(met);
});

test("a restart of the Docker daemon", { tags: "extended" }, async () => {
  const met = await underLoad(target, async () => {
    await server.exec("systemctl restart docker");
    // Long enough for each kind of request to finish.
    await sleep(25_000);
  });
  await nobodyNoticed(met, { pages: 100, registered: 20 });
});

/** Changes settings; the key is a secret, so it is set separately. */
async function configure({ tlsKey, ...changed }: Record<string, unknown>): Promise<void> {
  settings = { ...settings, ...changed };
  key = (tlsKey as string | undefined) ?? key;
  deployment.configure(settings);
  await deployment.setSecret("tlsKey", key);
}
let key = "";

/** No request failed, and confirmed data is stored exactly once. */
async function nobodyNoticed(
  { answered, failed, registered }: Met,
  least = { pages: 200, registered: 100 },
): Promise<void> {
  expect(failed).toEqual([]);
  expect(Object.values(answered).every((count) => count > 0)).toBe(true);
  expect(Object.keys(answered)).toHaveLength(6);
  expect(answered["page, kept connection"]).toBeGreaterThan(least.pages);
  expect(registered.length).toBeGreaterThan(least.registered);
  const [postgres = ""] = await containersOf(deployment, docker, "postgres");
  const query = "select reference from mails_mail where reference like 'load/%'";
  const stored = await docker("exec", postgres, "psql", "-U", "mailtracker_user", "-d", "mailtracker", "-Atc", query);
  const there = stored.split("\n");
  expect(new Set(there).size).toBe(there.length);
  expect(registered.filter((reference) => !there.includes(reference))).toEqual([]);
}
