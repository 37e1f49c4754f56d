import { afterAll, beforeAll, expect, test } from "vitest";
import { StandInServer } from "../servers/server";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { localDocker } from "../support/local-docker";
import { containersOf, type Docker, expectKept, type OfficeDay, officeDay, signedIn } from "../support/office-story";
import { sample } from "../support/sample";
import { whileVisiting } from "../support/visitors";

let server: StandInServer;
let deployment: Deployment;
let docker: Docker;
let day: OfficeDay;

beforeAll(async () => {
  server = await StandInServer.start({ name: "prod", bare: true });
  docker = server.docker;
  deployment = await Deployment.create("prod", {
    ...server.settings,
    serverUser: "ubuntu",
    replicas: 2,
    drainSeconds: 5,
  });
});

afterAll(async () => {
  await server.stop();
  deployment.remove();
});

test("one `up` deploys the site to a bare server", async () => {
  expect(await server.exec("command -v docker || echo none")).toBe("none");
  await deployment.up();
  expect(await deployment.outputs()).toMatchObject({ url: `http://${server.address}`, adminUser: "admin" });
  day = await officeDay(deployment, docker);
});

test("nothing is created in this machine's Docker", async () => {
  expect(await containersOf(deployment, localDocker)).toEqual([]);
  for (const kind of ["volume", "network"]) {
    expect(await localDocker(kind, "ls", "--quiet", "--filter", `label=berth.stack=${deployment.stack}`)).toBe("");
  }
  expect(await localDocker("images", "--quiet", `mailtracker-${deployment.stack}/*`)).toBe("");
});

test("the Docker daemon is configured for zero-downtime deploys", async () => {
  expect(await docker("info", "--format", "{{.LiveRestoreEnabled}} {{.LoggingDriver}}")).toBe("true json-file");
  expect(JSON.parse(await server.exec("cat /etc/docker/daemon.json"))).toMatchObject({
    "live-restore": true,
    "no-new-privileges": true,
    "log-opts": { "max-size": "10m", "max-file": "3" },
  });
});

test("the whole deployment uses a few shared connections", async () => {
  const accepted = await server.exec("journalctl --no-pager -t sshd | grep -c 'Accepted publickey'");
  // One to prepare the server, one for the rest, and occasionally one that signs in concurrently.
  expect(Number(accepted)).toBeLessThanOrEqual(5);
});

test("a second `up` changes nothing, and a refresh finds no difference", async () => {
  await deployment.up("--expect-no-changes");
  await deployment.run("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", deployment.stack);
  await deployment.up("--expect-no-changes");
});

test("no secret is visible on the server, in the plan or in the state", async () => {
  const secrets = await secretValues();
  expect(secrets.length).toBeGreaterThanOrEqual(3);
  const ids = await containersOf(deployment, docker);
  const images = (await docker("images", "--quiet", "--no-trunc")).split("\n");
  const places = {
    inspect: await docker("inspect", ...ids),
    history: (await Promise.all([...new Set(images)].map((id) => docker("history", "--no-trunc", id)))).join("\n"),
    processes: await server.exec("ps auxwwe"),
    logs: (await Promise.all(ids.map((id) => server.exec(`docker logs ${id} 2>&1`)))).join("\n"),
    journal: await server.exec("journalctl --no-pager"),
    plan: await deployment.preview("--diff"),
    state: deployment.state(),
  };
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(100);
    for (const secret of secrets) expect(text.includes(secret), `a secret in ${place}`).toBe(false);
  }
  expect(places.state).not.toContain("PRIVATE KEY");
});

test("secrets are files that only the process can read", async () => {
  const [backend = ""] = await containersOf(deployment, docker, "backend");
  expect(await docker("exec", backend, "stat", "-c", "%a %u:%g", "/run/secrets/secret-key")).toBe("400 10001:10001");
  expect(await docker("exec", backend, "id", "-u")).toBe("10001");
});

test("a release that exits at start fails with its reason, while the old version keeps serving", {
  tags: "extended",
}, async () => {
  const entrypoint = "backend/entrypoint.sh";
  const { release: before } = await deployment.outputs();
  const running = await containersOf(deployment, docker, "backend");
  deployment.edit(entrypoint, (text) =>
    text.replace("    serve)\n", '    serve)\n        echo "no such engine: warp" >&2; exit 7\n'),
  );

  for (const attempt of ["first", "second"]) {
    const { failed, output } = await deployment.tryUp();
    expect(failed, attempt).toBe(true);
    expect(output, attempt).toMatch(
      new RegExp(`Container mailtracker-${deployment.stack}-backend-\\d-\\w+ stopped: \\w+, exit code 7`),
    );
    expect(output, attempt).toContain("no such engine: warp");
    expect(await (await signedIn(deployment)).release(), attempt).toBe(before);
    await expectKept(deployment, day);
  }
  expect(await containersOf(deployment, docker, "backend")).toEqual(expect.arrayContaining(running));

  deployment.edit(entrypoint, (text) => text.replace(/ {8}echo "no such engine.*\n/, "        echo 'Release two.'\n"));
  const { url } = await deployment.outputs();
  const visits = await whileVisiting(`${url}/api/health/`, () => deployment.up());
  expect(visits.answered).toBeGreaterThan(20);
  expect(visits.failures).toEqual([]);
  expect(await (await signedIn(deployment)).release()).not.toBe(before);
  const left = await containersOf(deployment, docker);
  expect(left).toHaveLength(7);
  expect(left).not.toEqual(expect.arrayContaining(running.slice(0, 1)));
  await expectKept(deployment, day);
});

test("after each reboot the site starts again with its data", async () => {
  for (const _ of sample([1, 2, 3, 4, 5], 1)) {
    await server.reboot();
    await eventually(60, async () => {
      const site = await signedIn(deployment);
      expect((await site.get("/api/health/")).status).toBe(200);
    });
    await expectKept(deployment, day);
  }
});

test("after a power cut under load no confirmed data is lost, and the backup container runs again", {
  tags: "extended",
}, async () => {
  const site = await signedIn(deployment);
  const confirmed: number[] = [];
  const registering = (async () => {
    for (let number = 1; ; number++) confirmed.push(await site.createMail(`cut/${number}`));
  })().catch(() => undefined);
  await eventually(60, async () => expect(confirmed.length).toBeGreaterThan(20));
  await server.cutPower();
  await registering;
  await eventually(60, async () => {
    const again = await signedIn(deployment);
    for (const id of confirmed) expect((await again.get(`/api/mails/${id}/`)).status).toBe(200);
  });
  await expectKept(deployment, day);
  const [keeper = ""] = await containersOf(deployment, docker, "backups");
  expect(await docker("inspect", "--format", "{{.State.Status}}", keeper)).toBe("running");
});

test("a restore interrupted by a power cut is completed", { tags: "extended" }, async () => {
  await deployment.make("backup");
  const later = await (await signedIn(deployment)).createMail("2026/later");
  const running = async () => (await docker("ps", "--format", "{{.Names}}")).includes("-backend-");
  const restoring = deployment.tryMake("restore", "YES=1", "SAFETY=no");
  await eventually(60, async () => expect(await running()).toBe(false));
  await server.cutPower();
  expect((await restoring).failed).toBe(true);
  // The writing containers stay stopped, so that nothing is written between the two halves.
  await eventually(60, async () => expect(await docker("ps", "--format", "{{.Names}}")).toContain("-backups-"));
  expect(await running()).toBe(false);
  // As if interrupted when the database in use was renamed and the restored one not yet.
  const [postgres = ""] = await containersOf(deployment, docker, "postgres");
  const renamed = ["psql", "-U", "mailtracker_user", "-d", "postgres", "-c"];
  await docker("exec", postgres, ...renamed, "ALTER DATABASE mailtracker RENAME TO mailtracker_before");

  expect(await deployment.make("restore", "YES=1")).toMatch(
    /Restored [0-9a-f]{8} in \d+ s; downtime \d+ s, within the objective of 4 h/,
  );
  expect(await running()).toBe(true);
  const site = await signedIn(deployment);
  expect((await site.get(`/api/mails/${later}/`)).status).toBe(404);
  await expectKept(deployment, day);
});

test("a destroyed stack keeps its data, and the next `up` uses it", { tags: "extended" }, async () => {
  await deployment.destroy();
  expect(await containersOf(deployment, docker)).toEqual([]);
  await deployment.up();
  await expectKept(deployment, day);
});

test("the plan of a running stack works when its server is unreachable", { tags: "extended" }, async () => {
  await server.stop();
  deployment.edit("backend/entrypoint.sh", (text) => `${text}# Reviewed.\n`);
  const plan = await deployment.preview();
  expect(plan).toMatch(/RemoteImage\s+backend\s+replace/);
  expect(plan).toMatch(/Container\s+backend-1\s+replace/);
  expect(plan).not.toMatch(/Container\s+postgres\s+(replace|update|create)/);
});

/** All values that the state encrypts. */
async function secretValues(): Promise<string[]> {
  const { adminPassword } = await deployment.outputs();
  const state = await deployment.run("stack", "export", "--show-secrets", "--stack", deployment.stack);
  const generated = [...state.matchAll(/"result": "(.*)"/g)].map(([, value]) => value ?? "");
  const marked = [...state.matchAll(/"plaintext": "(.*)"/g)].map(([, value]) => JSON.parse(JSON.parse(`"${value}"`)));
  const values = [adminPassword, ...generated, ...marked].filter((value) => typeof value === "string");
  // The state keeps what a step with secret input prints as a secret too, e.g. "Recorded release 1.".
  const words = [...new Set(values)].filter((value) => !/\s/.test(value));
  const short = words.filter((value) => value.length >= 12 && value.length < 200);
  // Files are sent as base64 archives, at any offset.
  return short.flatMap((value) => [value, ...[0, 1, 2].map((offset) => inBase64(value, offset))]);
}

/** The constant part of a text's base64 form when it starts at an offset from a multiple of three. */
function inBase64(text: string, offset: number): string {
  const whole = Buffer.from("-".repeat(offset) + text).toString("base64");
  return whole.slice(offset === 0 ? 0 : 4, -8);
}
