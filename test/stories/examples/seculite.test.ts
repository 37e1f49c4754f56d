import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StandInServer } from "../../servers/server";
import { expectBackupRoundTrip } from "../../support/backup-round-trip";
import { Visitor } from "../../support/browser";
import type { Deployment } from "../../support/deployment";
import { eventually } from "../../support/eventually";
import { type Example, startExample } from "../../support/example";
import { expectHardened } from "../../support/hardened";
import { inspectAfterStart } from "../../support/inspected";
import { containersOf, type Docker, networkOf } from "../../support/office-story";
import { processesOf } from "../../support/processes";
import { SecuLite, sql } from "../../support/seculite";

const NAME = "seculite.office.test";
const EDGE = "https://nginx-sandbox/";
const SLOW = "http://slow-target:8000";
/** Longer than a stopped worker waits for its tasks. */
const LONG_SECONDS = 45;
const STOP_SECONDS = 10;
/** In Docker's units. */
const SECOND = 1_000_000_000;

let example: Example;
let server: StandInServer;
let deployment: Deployment;
let docker: Docker;
let browser: Browser;
let site: SecuLite;
let account: { adminUser: string; adminPassword: string };

const only = async (service: string) => (await containersOf(deployment, docker, service))[0] ?? "";
const rows = async (query: string) => sql(docker, await only("postgres"), query);
const listed = (ids: string[]) => ids.map((id) => `'${id}'`).join(",");

beforeAll(async () => {
  example = await startExample("seculite", NAME, {
    replicas: 2,
    workers: 2,
    drainSeconds: 10,
    workerStopSeconds: STOP_SECONDS,
    scanTimeoutSeconds: 50,
    scanHosts: ["nginx-sandbox", "slow-target:8000"],
    scheduledScans: [EDGE],
    scanCrontab: "* * * * *",
    signInsPerMinute: 600,
  });
  ({ server, browser, deployment } = example);
  docker = server.docker;
});

afterAll(() => example?.stop());

test("one `up` deploys the stack to a server, and a second changes nothing", async () => {
  expect(await deployment.up()).toContain(`https://${NAME}`);
  account = await deployment.outputs();
  site = new SecuLite(`https://${NAME}`, deployment.fetch);
  await site.signIn(account.adminUser, account.adminPassword);
  await deployment.up("--expect-no-changes");
});

test("`make status` finds no problem", async () => {
  await eventually(90, async () => {
    const output = await deployment.make("status");
    expect(output.match(/^(worker|backend) .* running .* healthy/gm)).toHaveLength(4);
    expect(output).toMatch(/^beat .* running .* healthy/m);
  });
});

describe("the page", () => {
  let visitor: Visitor;
  let address: string;

  beforeAll(async () => {
    visitor = await Visitor.open(browser, `https://${server.address}`, { ignoreHTTPSErrors: true });
  });

  test("requires a sign-in, and rejects an unknown user", async () => {
    const { page } = visitor;
    await page.goto("/");
    await page.waitForURL("**/sign-in");
    await visitor.expectAccessible();
    await visitor.signIn(account.adminUser, "wrong");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("wrong");
    await visitor.expectAccessible();
    await visitor.signIn(account.adminUser, account.adminPassword);
    await page.getByRole("heading", { name: "Request a scan" }).waitFor();
    await visitor.expectAccessible();
    await visitor.page.locator(`datalist option[value="${EDGE}"]`).waitFor({ state: "attached" });
  });

  test("scans a site that is not configured only with consent, and no private address at all", async () => {
    const { page } = visitor;
    const consent = page.getByLabel("I run this site, or its owner asked me to scan it.");
    const scan = async () => page.getByRole("button", { name: "Scan", exact: true }).click();
    await page.getByLabel("Address").fill("https://www.example.org/");
    await consent.waitFor();
    await visitor.expectAccessible();
    await scan();
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("www.example.org is not one of the");
    await page.getByLabel("Address").fill(`https://${server.address}/`);
    await consent.check();
    await scan();
    await expect.poll(() => page.getByRole("alert").textContent()).toContain(`${server.address} may not be scanned`);
    await page.getByLabel("Address").fill(EDGE);
    await expect.poll(() => consent.count()).toBe(0);
  });

  test("accepts a scan request, and shows the result and its file", async () => {
    const { page } = visitor;
    await page.getByLabel("Address").fill(EDGE);
    await page.getByRole("button", { name: "Scan", exact: true }).click();
    await expect.poll(() => page.getByRole("status").textContent()).toContain("is requested");
    const row = page.getByRole("row").filter({ hasText: account.adminUser }).first();
    await expect.poll(() => row.textContent()).toContain("Fair");
    await row.getByRole("link", { name: EDGE }).click();
    await page.getByRole("heading", { name: "Findings" }).waitFor();
    const finding = async (title: string) =>
      page
        .getByRole("listitem")
        .filter({ has: page.getByRole("heading", { name: title, exact: true }) })
        .locator(".badge")
        .textContent();
    expect(await finding("Strict-Transport-Security")).toBe("Good");
    expect(await finding("Content-Security-Policy")).toBe("Good");
    expect(await finding("TLS version")).toBe("Good");
    expect(await finding("Outdated TLS versions")).toBe("Good");
    // The certificate is for the public name, not for the internal one.
    expect(await finding("Certificate's names")).toBe("Weak");
    await visitor.expectAccessible();
    address = page.url();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Result file" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^[0-9a-f-]{36}\.json$/);
    const chunks = await (await download.createReadStream()).toArray();
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ url: EDGE, grade: "fair" });
  });

  test("has a URL for each result, which can be opened again", async () => {
    const { page } = visitor;
    await page.goto(address);
    await page.getByRole("heading", { name: "Findings" }).waitFor();
    await page.setViewportSize({ width: 360, height: 700 });
    await visitor.expectAccessible();
    await page.goto("/nothing/of/this/name");
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  });

  test("works with the keyboard only, and signs out", async () => {
    const { page } = visitor;
    await page.goto("/");
    await page.getByRole("heading", { name: "Request a scan" }).waitFor();
    await visitor.tabTo("combobox", "Address");
    await page.keyboard.type(EDGE);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("status").textContent()).toContain("is requested");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
    expect(visitor.browserErrors).toEqual([]);
  });
});

test("a public name that leads to a private address is not scanned", async () => {
  const network = await networkOf(deployment, docker, "seculite_network");
  const named = ["--name", "rebound", "--network", network, "--network-alias", "rebound.example.org"];
  const image = await docker("inspect", "--format", "{{.Image}}", await only("backend"));
  await docker("run", "--detach", ...named, "--entrypoint", "sleep", image, "600");
  const answer = await site.ask("/api/scans/", { url: "http://rebound.example.org/", consent: true });
  expect(answer.status).toBe(201);
  const { id } = (await answer.json()) as { id: string };
  await eventually(60, async () => expect((await site.scan(id)).result?.grade).toBe("failed"));
  const [finding] = await rows(`select findings->0->>'detail' from scans_result where scan_id = '${id}'`);
  expect(finding).toMatch(/rebound\.example\.org leads to [\d.]+, which is not a public address/);
  await docker("rm", "--force", "--volumes", "rebound");
});

test("results require a sign-in", async () => {
  const [file = ""] = await rows("select file from scans_result limit 1");
  const stranger = new SecuLite(site.url, deployment.fetch);
  expect((await site.ask(`/media/${file}`)).status).toBe(200);
  expect((await stranger.ask(`/media/${file}`)).status).toBe(401);
  expect((await stranger.ask("/api/scans/")).status).toBe(401);
  expect((await stranger.ask("/api/scans/", { url: EDGE })).status).toBe(401);
});

test("the edge serves the page, the API, Django's administration and its static files", async () => {
  const get = (path: string) => site.ask(path);
  const page = await get("/");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
  const [, script = ""] = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text()) ?? [];
  expect((await get(script)).headers.get("cache-control")).toBe("max-age=31536000, public, immutable");
  expect((await get("/admin/")).status).toBe(200);
  const [, sheet = ""] = /href="(\/static\/[^"]+\.css)"/.exec(await (await get("/admin/")).text()) ?? [];
  expect((await get(sheet)).headers.get("content-type")).toBe("text/css");
  expect((await get("/api/health/")).status).toBe(200);
  const plain = await deployment.fetch(`http://${NAME}/scans/1`, { redirect: "manual" });
  expect([plain.status, plain.headers.get("location")]).toEqual([308, `https://${NAME}/scans/1`]);
});

describe("the running containers", () => {
  let running: Inspected[];
  beforeAll(async () => {
    running = await inspectAfterStart<Inspected>(docker, await containersOf(deployment, docker));
  });
  const of = (service: string) => running.filter(({ Config }) => Config.Labels["berth.service"] === service);

  test("are the specified ones, from the same image, and no others", () => {
    const started = [
      "backend",
      "backend",
      "backups",
      "beat",
      "nginx",
      "nginx-sandbox",
      "postgres",
      "redis",
      "worker",
      "worker",
    ];
    const services = running.filter(({ State }) => State.Running).map(({ Config }) => Config.Labels["berth.service"]);
    expect(services.sort()).toEqual(started);
    const images = new Set(["backend", "worker", "beat"].flatMap((name) => of(name).map(({ Image }) => Image)));
    expect(images.size).toBe(1);
  });

  test("run the specified versions", async () => {
    // What runs. That they are Alpine stands in the images' names only, as a stand-in image may be another system.
    const run = async (service: string, ...words: string[]) => docker("exec", await only(service), ...words);
    expect(await run("postgres", "postgres", "--version")).toMatch(/\(PostgreSQL\) 15\./);
    expect(await run("redis", "redis-server", "--version")).toMatch(/ v=7\./);
    expect(await run("nginx", "sh", "-c", "nginx -v 2>&1")).toMatch(/^nginx version: nginx\/1\./);
    expect(of("postgres")[0]?.Config.Image).toMatch(/^postgres:15-alpine\b/);
    expect(of("redis")[0]?.Config.Image).toMatch(/^redis:7-alpine\b/);
    expect(await run("backend", "python", "--version")).toMatch(/^Python 3\.11\./);
  });

  test("run the specified commands", async () => {
    const words = (service: string) => of(service)[0]?.Config.Cmd.join(" ");
    expect(words("backend")).toBe(
      "gunicorn seculite_api.wsgi:application --bind 0.0.0.0:8000 --workers 4 --log-level info",
    );
    expect(words("worker")).toBe("celery_worker celery -A seculite_api worker -l info -Q default,scans -c 2");
    // The specified scheduler, with a lock.
    expect(words("beat")).toBe(
      "celery_beat celery -A seculite_api beat -l info --scheduler seculite_api.beat:OnlyBeat --pidfile /tmp/celerybeat.pid",
    );
    const scheduler =
      "from seculite_api.beat import OnlyBeat as o; from django_celery_beat.schedulers import DatabaseScheduler as d; print(issubclass(o, d))";
    const shell = ["python", "manage.py", "shell", "--verbosity", "0", "--command", scheduler];
    expect(await docker("exec", await only("beat"), ...shell)).toBe("True");
  });

  test("run them as processes: four of gunicorn, two of the worker, and one beat", async () => {
    const list =
      "for at in /proc/[0-9]*; do echo \"$(basename $at) $(sed -n 's/^PPid:.//p' $at/status) $(tr '\\0' ' ' <$at/cmdline)\"; done 2>/dev/null";
    const processes = async (service: string, name: string) => {
      const lines = (await docker("exec", await only(service), "sh", "-c", list)).split("\n");
      const named = lines.filter((line) => line.includes(name)).map((line) => line.split(" "));
      const own = new Set(named.map(([pid]) => pid));
      return { parents: named.filter(([, parent]) => !own.has(parent)).length, all: named.length };
    };
    expect(await processes("backend", "gunicorn seculite_api.wsgi:application")).toEqual({ parents: 1, all: 5 });
    expect(await processes("worker", "celery -A seculite_api worker")).toEqual({ parents: 1, all: 3 });
    expect(await processes("beat", "celery -A seculite_api beat")).toEqual({ parents: 1, all: 1 });
  });

  test("have a user, no capability, a read-only root, limits, a health check, and a restart policy", () => {
    for (const container of running) {
      expectHardened(container);
      const { Name, HostConfig, State } = container;
      const job = /-migrate-/.test(Name);
      expect({ Name, restart: HostConfig.RestartPolicy.Name }).toEqual({
        Name,
        restart: job ? "no" : "unless-stopped",
      });
      if (job || /-nginx-sandbox-/.test(Name)) continue;
      expect({ Name, health: State.Health?.Status }).toEqual({ Name, health: "healthy" });
    }
  });

  test("run no process as root but the backups, with three capabilities", async () => {
    const found = await processesOf(running, server.exec.bind(server));
    expect(found).toHaveLength(10);
    for (const process of found) {
      const backups = process.service === "backups";
      expect(process).toEqual({
        service: process.service,
        uid: backups ? "0" : expect.stringMatching(/^[1-9]\d*$/),
        capabilities: backups ? ["CAP_DAC_OVERRIDE", "CAP_SETGID", "CAP_SETUID"] : [],
        locked: true,
      });
    }
  });

  test("have the specified health checks", () => {
    const check = (service: string) => of(service)[0]?.Config.Healthcheck;
    const often = { Interval: 10 * SECOND, Timeout: 5 * SECOND, Retries: 5 };
    expect(check("postgres")).toMatchObject({ ...often, StartPeriod: expect.toSatisfy((time) => time >= 10 * SECOND) });
    expect(check("postgres")?.Test.join(" ")).toContain("pg_isready");
    expect(check("redis")).toMatchObject({ ...often, StartPeriod: expect.toSatisfy((time) => time >= 5 * SECOND) });
    expect(check("redis")?.Test.join(" ")).toContain("redis-cli");
  });

  test("mount the specified volumes", () => {
    const mounts = (service: string) =>
      Object.fromEntries(
        of(service)[0]
          ?.Mounts.filter(({ Name }) => Name?.startsWith("seculite-"))
          .map(({ Destination, Name, RW }) => [Destination, `${Name?.split("-").at(-1)} ${RW ? "rw" : "ro"}`]) ?? [],
      );
    const media = { "/app/media": "backend_media_data rw" };
    expect(mounts("backend")).toEqual({ ...media, "/app/staticfiles_collected": "backend_static_collected rw" });
    expect(mounts("worker")).toEqual(media);
    expect(mounts("beat")).toEqual({});
    expect(mounts("nginx")).toMatchObject({
      "/var/www/django_static": "backend_static_collected ro",
      "/var/www/media": "backend_media_data ro",
    });
    expect(mounts("postgres")).toEqual({ "/var/lib/postgresql/data": "postgres_data rw" });
    expect(mounts("redis")).toEqual({ "/data": "redis_data rw" });
  });

  test("publish ports at the edge only, and expose no secret", async () => {
    const published = running.filter(({ HostConfig }) => Object.keys(HostConfig.PortBindings ?? {}).length > 0);
    expect(published.map(({ Config }) => Config.Labels["berth.service"])).toEqual(["nginx-sandbox"]);
    const [backend] = of("backend");
    for (const name of ["secret_key", "db_password", "redis_password"]) {
      const value = await docker("exec", backend?.Id ?? "", "cat", `/run/secrets/${name}`);
      expect(value.length).toBeGreaterThanOrEqual(12);
      expect(JSON.stringify(running)).not.toContain(value);
    }
  });

  test("pass Django's own checks for production", async () => {
    const check = ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"];
    expect(await docker("exec", await only("backend"), ...check)).toMatch(/no issues/);
  });
});

test("the schedule in the database runs a scan every minute, once", async () => {
  const minutes =
    "select date_trunc('minute', requested_at), count(*) from scans_scan where run is not null group by 1";
  await eventually(200, async () => expect((await rows(minutes)).length).toBeGreaterThanOrEqual(2));
  expect(await rows(`${minutes} having count(*) > 1`)).toEqual([]);
  const unfinished = "select count(*) from scans_scan left join scans_result on scan_id = scans_scan.id";
  await eventually(60, async () => expect(await rows(`${unfinished} where scan_id is null`)).toEqual(["0"]));
  // Administrators change it in the database, and a release keeps it.
  expect(await rows(`select enabled from django_celery_beat_periodictask where name = 'Scan ${EDGE}'`)).toEqual(["t"]);
});

test("a release during scans loses none, duplicates none, and never runs two beats", async () => {
  await startSlowTarget();
  const workers = await containersOf(deployment, docker, "worker");
  const events = await watchEvents();
  const requested: string[] = [];
  deployment.edit("backend/seculite_api/health.py", (text) => text.replace('"ok"', '"well"'));
  await whileRequesting(requested, () => deployment.up());
  expect((await (await site.ask("/api/health/")).json()) as object).toMatchObject({ status: "well" });

  await eachHasOneResult(requested, 240);
  // The old workers finished their tasks in time or returned them to the queue for their successors.
  const happened = await events();
  const ofOld = happened.filter(({ container }) => workers.includes(container));
  const first = Math.min(...ofOld.filter(({ action }) => action === "kill").map(({ at }) => at));
  const last = Math.max(...ofOld.filter(({ action }) => action === "die").map(({ at }) => at));
  expect(last - first).toBeLessThan(STOP_SECONDS + 15);
  const old = listed(workers.map((id) => id.slice(0, 12)));
  const warm = await rows(
    `select 1 from scans_result where worker in (${old}) and finished_at between to_timestamp(${first}) and to_timestamp(${last})`,
  );
  const again = await rows(`select attempts from scans_scan where id in (${listed(requested)}) and attempts > 1`);
  expect(warm.length + again.length).toBeGreaterThan(0);
  const beats = happened.filter(({ service }) => service === "beat");
  expect(beats.map(({ action }) => action).filter((action) => action !== "kill")).toEqual(["die", "start"]);
  expect(mostAtOnce(beats)).toBe(1);
});

describe("when something fails", { tags: "extended" }, () => {
  test("an OOM-killed worker process is restarted without affecting its siblings", async () => {
    const [victim = "", ...others] = await containersOf(deployment, docker, "worker");
    const siblings = [...others, ...(await containersOf(deployment, docker, "backend")), await only("beat")];
    const uptimes = () => docker("inspect", "--format", "{{.State.StartedAt}} {{.RestartCount}}", ...siblings);
    const before = await uptimes();
    const hog = "echo 1000 >/proc/1/oom_score_adj; exec python -c 'x = bytearray(700 * 2**20)'";
    await server.exec(`docker exec ${victim} sh -c ${JSON.stringify(hog)} || true`);
    await eventually(60, async () => {
      const state = await docker("inspect", "--format", "{{.RestartCount}} {{.State.Health.Status}}", victim);
      expect(state).toBe("1 healthy");
    });
    expect(await uptimes()).toBe(before);
    const scan = await site.request(EDGE);
    await eachHasOneResult([scan], 60);
  });

  test("a stopped worker finishes short tasks and returns long ones; each is done once", async () => {
    const long = await site.request(`${SLOW}/${LONG_SECONDS}`);
    const worker = await workerOf(long);
    const short = await requestFrom(worker, `${SLOW}/${STOP_SECONDS - 3}`);
    await docker("stop", "--time", String(STOP_SECONDS + 15), worker);
    await eachHasOneResult([long, short], 120);
    const done = async (scan: string) =>
      rows(
        `select attempts, worker = '${worker.slice(0, 12)}' from scans_result join scans_scan on scans_scan.id = scan_id where scan_id = '${scan}'`,
      );
    expect(await done(short)).toEqual(["1|t"]);
    expect(await done(long)).toEqual(["2|f"]);
    await docker("start", worker);
  });

  test("a worker killed during a task loses nothing: Redis delivers it again", async () => {
    const scan = await site.request(`${SLOW}/${LONG_SECONDS}`);
    const worker = await workerOf(scan);
    await crash(worker);
    await eachHasOneResult([scan], 360);
    const [attempts] = await rows(`select attempts from scans_scan where id = '${scan}'`);
    // The application, too, sends a scan again that takes too long to get its result.
    expect(Number(attempts)).toBeGreaterThan(1);
  });

  test("with Redis killed, scans are still accepted, and each takes effect once", async () => {
    const redis = await only("redis");
    const requested = [await site.request(`${SLOW}/10`), await site.request(EDGE)];
    await crash(redis);
    for (let index = 0; index < 10; index++) requested.push(await site.request(EDGE));
    await eventually(60, async () =>
      expect(await docker("inspect", "--format", "{{.State.Health.Status}}", redis)).toBe("healthy"),
    );
    requested.push(await site.request(EDGE));
    await eachHasOneResult(requested, 240);
  });

  test("beat restarts after a kill in spite of its pid file", async () => {
    const beat = await only("beat");
    expect(await docker("exec", beat, "ls", "/tmp/celerybeat.pid")).toBe("/tmp/celerybeat.pid");
    const killed = await docker("exec", beat, "date", "+%s");
    await crash(beat);
    await eventually(60, async () => {
      expect(await docker("inspect", "--format", "{{.RestartCount}}", beat)).toBe("1");
      expect(await docker("exec", beat, "find", "/tmp/alive", "-newermt", `@${Number(killed) + 1}`)).toBe("/tmp/alive");
    });
  });

  test("a second beat waits, so the schedule runs once", async () => {
    const scheduled = async () => (await rows("select count(*) from scans_scan where run is not null"))[0];
    const before = Number(await scheduled());
    const scheduler = "--scheduler seculite_api.beat:OnlyBeat --pidfile /tmp/second.pid";
    const second = `timeout 75 celery -A seculite_api beat -l info ${scheduler}`;
    const output = await server.exec(`docker exec ${await only("beat")} sh -c ${JSON.stringify(second)} 2>&1 || true`);
    expect(output).toContain("Another beat is at work");
    expect(output).not.toContain("Sending due task");
    const runs = Number(await scheduled()) - before;
    expect([1, 2]).toContain(runs);
  });

  test("after a power cut the stack restarts, and each scan takes effect once", async () => {
    const requested: string[] = [];
    const requesting = (async () => {
      for (;;) requested.push(await site.request(EDGE));
    })().catch(() => undefined);
    await eventually(60, async () => expect(requested.length).toBeGreaterThan(10));
    await server.cutPower();
    await requesting;
    await eventually(180, async () => {
      await deployment.make("status");
    });
    requested.push(await site.request(EDGE));
    await eachHasOneResult(requested, 420);
    const scheduled = async () => Number((await rows("select count(*) from scans_scan where run is not null"))[0]);
    const before = await scheduled();
    await eventually(150, async () => expect(await scheduled()).toBeGreaterThan(before));
  });
});

test("results and their files are restored from a backup", { tags: "extended" }, async () => {
  const scan = await site.request(EDGE);
  await eachHasOneResult([scan], 60);
  const file = (await site.scan(scan)).result?.file ?? "";
  const content = await (await site.ask(file)).text();
  await expectBackupRoundTrip(deployment, async () => {
    await docker("exec", await only("worker"), "sh", "-c", "rm -r /app/media/*");
    await rows("truncate scans_scan cascade");
    expect(await docker("exec", await only("worker"), "find", "/app/media", "-type", "f")).toBe("");
    expect((await rows(`select count(*) from scans_scan where id = '${scan}'`))[0]).toBe("0");
    // nginx keeps using an open file for up to a minute.
    await eventually(90, async () => expect((await site.ask(file)).status).toBe(404));
  });
  expect((await site.scan(scan)).result?.file).toBe(file);
  expect(await (await site.ask(file)).text()).toBe(content);
});

/** Kills a container's process; Docker restarts it as after a crash. */
async function crash(container: string): Promise<void> {
  await server.exec(`kill -9 "$(docker inspect --format '{{.State.Pid}}' ${container})"`);
}

/** A scan target that takes as many seconds as its path says. */
async function startSlowTarget(): Promise<void> {
  const program = `
import http.server, time
class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(float(self.path[1:]))
        self.send_response(200)
        self.end_headers()
http.server.ThreadingHTTPServer(("", 8000), Slow).serve_forever()`;
  const backend = await only("backend");
  const image = await docker("inspect", "--format", "{{.Image}}", backend);
  const networks = await docker(
    "inspect",
    "--format",
    "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}",
    backend,
  );
  const network = networks.split(" ").find((name) => name.includes("seculite_network")) ?? "";
  const named = ["--name", "slow-target", "--network", network, "--network-alias", "slow-target"];
  await docker("run", "--detach", ...named, "--entrypoint", "python", image, "-c", program);
}

/** Requests short and long scans until the work is done, so that every worker is always busy. */
async function whileRequesting(requested: string[], work: () => Promise<unknown>): Promise<void> {
  let done = false;
  const requesting = async () => {
    for (let turn = 0; !done; turn++) {
      requested.push(await site.request(turn % 6 === 0 ? `${SLOW}/${LONG_SECONDS}` : `${SLOW}/${STOP_SECONDS - 3}`));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  };
  const asking = requesting();
  try {
    await work();
  } finally {
    done = true;
    await asking;
  }
}

/** Each scan has its result, and media contains exactly the results' files. */
async function eachHasOneResult(scans: string[], seconds: number): Promise<void> {
  const results = `select scan_id, file from scans_result where scan_id in (${listed(scans)})`;
  await eventually(seconds, async () => expect((await rows(results)).length).toBe(scans.length));
  const files = (await docker("exec", await only("backend"), "find", "/app/media/scans", "-type", "f")).split("\n");
  for (const row of await rows(results)) {
    const [scan = "", file] = row.split("|");
    expect(files.filter((path) => path.includes(scan))).toEqual([`/app/media/${file}`]);
  }
}

/** Requests scans until this worker has started one, and returns that one. */
async function requestFrom(worker: string, url: string): Promise<string> {
  for (let tries = 0; tries < 10; tries++) {
    const scan = await site.request(url);
    if ((await workerOf(scan)) === worker) return scan;
  }
  throw new Error("the worker begins none of ten scans");
}

/** The container that works on a scan, found by its log. */
async function workerOf(scan: string): Promise<string> {
  let found = "";
  await eventually(60, async () => {
    expect(await rows(`select attempts from scans_scan where id = '${scan}'`)).toEqual(["1"]);
    for (const worker of await containersOf(deployment, docker, "worker")) {
      const log = await server.exec(`docker logs ${worker} 2>&1`);
      if (log.includes(`begins scan ${scan}`)) found = worker;
    }
    expect(found).not.toBe("");
  });
  return found;
}

interface Event {
  /** Unix time in seconds. */
  at: number;
  action: string;
  container: string;
  service: string;
}

/** Records which containers start, are told to stop, and exit, since Docker keeps its events only briefly. */
async function watchEvents(): Promise<() => Promise<Event[]>> {
  const file = "/root/events";
  const actions = ["start", "kill", "die"].map((action) => `--filter event=${action}`).join(" ");
  const format = '{{.TimeNano}} {{.Action}} {{.ID}} {{index .Actor.Attributes "berth.service"}}';
  await server.exec(`nohup docker events ${actions} --format '${format}' >${file} 2>/dev/null </dev/null &`);
  return async () =>
    (await server.exec(`cat ${file}`)).split("\n").map((line) => {
      const [nanos, action = "", container = "", service = ""] = line.split(" ");
      return { at: Number(nanos) / 1e9, action, container, service };
    });
}

/** The maximum number of a service's containers that ran at once. */
function mostAtOnce(events: Event[]): number {
  let [running, most] = [1, 1];
  for (const { action } of events) {
    if (action === "start") running++;
    if (action === "die") running--;
    most = Math.max(most, running);
  }
  return most;
}

interface Inspected {
  Id: string;
  Name: string;
  Image: string;
  Config: {
    User: string;
    Image: string;
    Cmd: string[];
    Labels: Record<string, string>;
    Healthcheck?: { Test: string[]; Interval: number };
  };
  State: { Running: boolean; Pid: number; Health?: { Status: string } };
  Mounts: { Destination: string; Name?: string; RW: boolean }[];
  HostConfig: { RestartPolicy: { Name: string }; PortBindings: Record<string, unknown> | null };
}
