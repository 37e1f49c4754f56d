import { spawn } from "node:child_process";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StandInServer } from "../../servers/server";
import { startWarmServer } from "../../servers/warm";
import { expectBackupRoundTrip } from "../../support/backup-round-trip";
import { startBrowser, Visitor } from "../../support/browser";
import { Deployment } from "../../support/deployment";
import { PASSWORD, Portal, whileUsed } from "../../support/devportal";
import { eventually } from "../../support/eventually";
import { expectHardened } from "../../support/hardened";
import { foundIn } from "../../support/image-layers";
import { containersOf, type Docker } from "../../support/office-story";
import { deviationsFromMozilla } from "../../support/tls-scan";
import { connections, fetchAt, type SiteOptions } from "../../support/web";

const NAME = "portal.example.test";
const url = `https://${NAME}`;

/** Settings that rotate all generated passwords and keys. */
const ROTATED = {
  databasePasswordVersion: 2,
  redisPasswordVersion: 2,
  secretKeyVersion: 2,
  jwtSecretKeyVersion: 2,
};

let server: StandInServer;
let docker: Docker;
let deployment: Deployment;
let site: SiteOptions;

const get = (path: string, init = {}) => deployment.fetch(url + path, { redirect: "manual", ...init });
const fresh = () => connections(site, { keep: false });

function configuration(own: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...server.settings,
    siteName: NAME,
    tls: "self-signed",
    replicas: 3,
    drainSeconds: 10,
    quotaPerDay: 1_000_000,
    redisReservedMb: 256,
    // Stories send more requests than people do.
    signInsPerMinute: 6000,
    requestsPerSecond: 10_000,
    ...own,
  };
}

beforeAll(async () => {
  server = await startWarmServer("examples/devportal", { name: "devportal" });
  docker = server.docker;
  deployment = await Deployment.create("portal", configuration(), { project: "examples/devportal" });
});

afterAll(async () => {
  await server?.stop();
  deployment?.remove();
});

test("one `up` deploys the portal with three replicas to a server", async () => {
  expect(await deployment.up()).toContain(url);
  const certificate = await server.exec(
    "openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null | openssl x509",
  );
  site = { address: server.address, authorities: [certificate] };
  deployment.fetch = fetchAt(site);
  expect(await (await get("/health")).json()).toEqual({ status: "ok", database: "ok", redis: "ok" });

  for (let request = 0; request < 60; request++) await (await get("/sign-in")).arrayBuffer();
  const replicas = await containersOf(deployment, docker, "app");
  const answers = await Promise.all(replicas.map(async (id) => count(await docker("logs", id), "GET /sign-in")));
  expect(answers).toHaveLength(3);
  for (const answered of answers) expect(answered).toBeGreaterThan(5);
});

test("a second `up` changes nothing, and a refresh finds no difference", { tags: "extended" }, async () => {
  await deployment.up("--expect-no-changes");
  await deployment.run("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", deployment.stack);
});

test("`make status` finds no problem", async () => {
  // Docker's first health check of a replica runs half a minute after its start.
  await eventually(90, async () => {
    const output = await deployment.make("status");
    expect(output.match(/^app .* running .* healthy/gm)).toHaveLength(3);
    expect(output).toContain(`${url} answers 200`);
  });
});

describe("a developer", () => {
  let browser: Browser;
  let person: Visitor;
  let key: string;

  beforeAll(async () => {
    browser = await startBrowser();
    person = await Visitor.open(browser, `https://${server.address}`, { ignoreHTTPSErrors: true });
  });

  afterAll(async () => {
    expect(person.browserErrors).toEqual([]);
    await browser.close();
  });

  test("signs up with the keyboard only, and sees validation errors", async () => {
    const { page } = person;
    await page.goto("/");
    await person.expectAccessible();
    await person.tabTo("link", "Sign up");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/sign-up");
    await person.expectAccessible();
    await page.getByLabel("E-mail address").fill("ada@nowhere");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    expect(await page.getByRole("alert").textContent()).toContain("Enter an e-mail address");
    await person.expectAccessible();
    await page.getByLabel("E-mail address").fill("ada@example.org");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Keys", exact: true }).waitFor();
  });

  test("creates a key, uses it, and sees how much of its quota is used", async () => {
    const { page } = person;
    await page.getByLabel("Name of a new key").fill("Build server");
    await page.getByRole("button", { name: "Make a key" }).click();
    key = (await page.locator("#key").textContent()) ?? "";
    expect(key).toMatch(/^dp_[\w-]{40,}$/);
    await person.expectAccessible();
    for (let request = 0; request < 3; request++) {
      expect((await get("/api/v1/notes", { headers: { "X-API-Key": key } })).status).toBe(200);
    }
    await page.goto("/keys");
    expect(await page.getByRole("meter", { name: "3 of 1000000 requests today" }).getAttribute("value")).toBe("3");
    expect(await page.content()).not.toContain(key);
    await person.expectAccessible();
  });

  test("revokes it, signs out and in again", async () => {
    const { page } = person;
    await page.getByRole("button", { name: "Revoke Build server" }).click();
    await page.getByText(/^Revoked on/).waitFor();
    await person.expectAccessible();
    expect((await get("/api/v1/notes", { headers: { "X-API-Key": key } })).status).toBe(401);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.goto("/keys");
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Sign in");
    await person.expectAccessible();
    await page.getByLabel("E-mail address").fill("ada@example.org");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(/^Revoked on/).waitFor();
  });

  test("reads the docs, on a phone and in dark mode too", async () => {
    const phone = await Visitor.open(browser, `https://${server.address}`, {
      ignoreHTTPSErrors: true,
      viewport: { width: 360, height: 640 },
      colorScheme: "dark",
    });
    for (const path of ["/", "/docs", "/sign-up", "/nothing", "/static/nothing"]) {
      await phone.page.goto(path);
      await phone.expectAccessible();
    }
    await phone.page.goto("/docs");
    await phone.page.getByText("Keep a note").click();
    await phone.page.getByText("/api/v1/notes").first().waitFor();
    await phone.expectAccessible();
    expect(phone.browserErrors).toEqual([]);
  });
});

test("the administrator signs in with the first password, chooses another one, and blocks an account", async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  const { adminUser, adminPassword } = await deployment.outputs();
  const browser = await startBrowser();
  try {
    const admin = await Visitor.open(browser, `https://${server.address}`, { ignoreHTTPSErrors: true });
    const { page } = admin;
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(adminUser);
    await page.getByLabel("Password").fill(adminPassword);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Choose a password" }).waitFor();
    await admin.expectAccessible();
    await page.getByLabel("Password you have").fill(adminPassword);
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Choose" }).click();
    await page.getByRole("link", { name: "Accounts" }).click();
    await admin.expectAccessible();
    await page.getByLabel("E-mail address contains").fill(portal.email);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: portal.email }).click();
    await admin.expectAccessible();
    await page.getByLabel("Requests a day").fill("2");
    await page.getByRole("button", { name: "Set the quota of Story" }).click();
    await page.getByText("0 of 2 requests today").waitFor();
    expect((await portal.get("/api/v1/notes")).headers.get("ratelimit-limit")).toBe("2");
    await page.getByRole("button", { name: "Block" }).click();
    await page.getByText(/^Blocked on/).waitFor();
    await admin.expectAccessible();
    expect((await portal.get("/api/v1/notes")).status).toBe(401);
    expect(admin.browserErrors).toEqual([]);
  } finally {
    await browser.close();
  }
});

describe("HTTP and TLS", () => {
  test("plain HTTP redirects to HTTPS and keeps method and body", async () => {
    const answer = await deployment.fetch(`http://${NAME}/api/token?x=1`, { method: "POST", redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([308, `${url}/api/token?x=1`]);
  });

  test("TLS matches Mozilla's intermediate profile, except for the self-signed certificate", async () => {
    expect(await deviationsFromMozilla(NAME, server.address)).toEqual([
      "certificate_path_validation",
      "maximum_certificate_lifespan",
    ]);
  });

  test.each([
    ["a page", "/sign-in", 200],
    ["an answer of the API", "/health", 200],
    ["an answer to strangers", "/api/keys", 401],
    ["a page that is not there", "/nothing", 404],
    ["a static file that is not there", "/static/nothing.css", 404],
  ])("%s has the security headers", async (_what, path, status) => {
    const answer = await get(path, { headers: { Accept: "text/html" } });
    expect(answer.status).toBe(status);
    const names = ["strict-transport-security", "content-security-policy", "x-content-type-options", "referrer-policy"];
    expect(names.map((name) => answer.headers.get(name))).toEqual([
      "max-age=63072000",
      expect.stringMatching(/^default-src 'none'; style-src 'self';.* frame-ancestors 'none'$/),
      "nosniff",
      "same-origin",
    ]);
  });

  test("text is compressed, and nginx serves static files with a cache lifetime of a year", async () => {
    const page = await get("/docs", { headers: { "Accept-Encoding": "gzip" } });
    expect(page.headers.get("content-encoding")).toBe("gzip");
    const [, sheet = ""] = /href="(\/static\/portal\.css\?[0-9a-f]{12})"/.exec(await page.text()) ?? [];
    const answer = await get(sheet);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "max-age=31536000, public, immutable"]);
    const replicas = await containersOf(deployment, docker, "app");
    for (const id of replicas) expect(await docker("logs", id)).not.toContain("GET /static/");
  });

  test("an oversized request is refused, in JSON for programs", async () => {
    const answer = await get("/api/v1/notes", { method: "POST", body: Buffer.alloc(2 * 1024 * 1024) });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([413, "application/json"]);
  });
});

describe("the running containers", () => {
  let running: Inspected[];

  beforeAll(async () => {
    running = JSON.parse(await docker("inspect", ...(await containersOf(deployment, docker))));
  });

  test("are no root except two, and have a read-only root, limits, log rotation, a restart policy and ports at the edge only", () => {
    // Three replicas, the job, PostgreSQL, Redis, nginx, its sandbox, the certificate manager and the backup container.
    expect(running).toHaveLength(10);
    const root = running.filter(({ Config }) => Config.User.startsWith("0"));
    expect(root.map(({ Config }) => Config.Labels["berth.service"]).sort()).toEqual(["backups", "certificate"]);
    for (const container of running) {
      expectHardened(container);
      const { Name, HostConfig } = container;
      const published = Object.keys(HostConfig.PortBindings ?? {}).sort();
      expect({ Name, published }).toEqual({ Name, published: Name.includes("sandbox") ? ["443/tcp", "80/tcp"] : [] });
    }
  });

  test("have the specified health check, and no development tools", () => {
    const replicas = running.filter(({ Config }) => Config.Labels["berth.service"] === "app");
    const seconds = 1_000_000_000;
    for (const { Config } of replicas) {
      expect(Config.Healthcheck).toMatchObject({
        Test: ["CMD", "curl", "-fsS", "http://localhost:8000/health"],
        Interval: 30 * seconds,
        Timeout: 10 * seconds,
        Retries: 3,
        StartPeriod: 60 * seconds,
      });
    }
    expect(running.filter(({ Name }) => /adminer|commander/.test(Name))).toEqual([]);
  });

  test("have only the story's accounts in the database, and no development password", async () => {
    const accounts = await deployment.make("psql", "SQL=select email from accounts");
    expect(accounts).toContain("ada@example.org");
    expect(accounts).not.toContain("dev@example.org");
    expect(await deployment.outputs()).not.toHaveProperty("seed");
    const migrate = running.find(({ Config }) => Config.Labels["berth.service"] === "migrate");
    expect(JSON.stringify(migrate)).toContain("ADMIN_PASSWORD_FILE");
    expect(JSON.stringify(migrate)).not.toContain("SEED_PASSWORD");
  });

  test("have no secret in an environment, a command line, a log or a layer", { tags: "extended" }, async () => {
    const [app = ""] = await containersOf(deployment, docker, "app");
    const files = await docker("exec", app, "sh", "-c", "for file in /run/secrets/*; do cat $file; echo; done");
    const secrets = files.split("\n");
    const [redis = ""] = await containersOf(deployment, docker, "redis");
    secrets.push(await docker("exec", redis, "cat", "/etc/redis/operator-password"));
    const known = secrets.filter((secret) => secret.length > 0);
    expect(known.length).toBeGreaterThanOrEqual(5);
    const images = [...new Set(running.map(({ Image }) => Image))];
    const seen = await server.exec(
      `docker inspect $(docker ps -aq); docker history --no-trunc ${images.join(" ; docker history --no-trunc ")}; ps axeww; for id in $(docker ps -aq); do docker logs $id 2>&1; done`,
    );
    for (const secret of known) expect(seen).not.toContain(secret);

    // A file of the application's image that only a layer contains is found, which proves that the search works.
    const there = "devportal/quotas.py";
    expect(seen).not.toContain(there);
    const saved = spawn("docker", ["exec", server.container, "docker", "save", ...images]).stdout;
    expect(await foundIn(saved, [...known, there])).toEqual([there]);
  });

  test("have a memory reservation, whatever the engine, and none for PostgreSQL unless it is set", () => {
    const reserved = (service: string) =>
      running
        .filter(({ Config }) => Config.Labels["berth.service"] === service)
        .map(({ HostConfig }) => HostConfig.MemoryReservation / 1024 / 1024);
    expect(reserved("app")).toEqual([128, 128, 128]);
    expect(reserved("redis")).toEqual([256]);
    expect(reserved("postgres")).toEqual([0]);
  });

  test("have the installed packages, without wheels, pip's cache or a compiler", async () => {
    const [app = ""] = await containersOf(deployment, docker, "app");
    // As root, since only root can read its home.
    const find = (expression: string) =>
      docker("exec", "--user", "0", app, "sh", "-c", `find / -xdev ${expression} -print 2>/dev/null; true`);
    // The bundled pip of Python, and the wheels of Debian's, are found, which proves that the search works.
    const wheels = (await find("-name '*.whl'")).split("\n");
    expect(wheels.length).toBeGreaterThan(0);
    for (const wheel of wheels) expect(wheel).toMatch(/\/ensurepip\/_bundled\/|^\/usr\/share\/python-wheels\//);
    expect(await find("-path '*/.cache/pip*' -o -path /wheels -o -path '*/pip/http*'")).toBe("");
    expect(await docker("exec", app, "sh", "-c", "command -v gcc cc || true")).toBe("");
    expect(await docker("exec", app, "python", "--version")).toMatch(/^Python 3\.11\./);
  });

  test("keep the database and Redis unreachable for the edge", { tags: "extended" }, async () => {
    // Two versions of curl have different messages.
    const dialled = async (from: string, host: string, port: number) => {
      const [dialler = ""] = await containersOf(deployment, docker, from);
      return server.exec(
        `docker exec ${dialler} curl -sv --connect-timeout 3 --max-time 4 telnet://${host}:${port} </dev/null 2>&1 | grep -cE '(Connected|Established connection) to' || true`,
      );
    };
    // The same check succeeds for a reachable address.
    expect(await dialled("nginx", "app", 8000)).toBe("1");
    for (const [service, port] of [
      ["postgres", 5432],
      ["redis", 6379],
    ] as const) {
      const [id = ""] = await containersOf(deployment, docker, service);
      const address = await docker(
        "inspect",
        "--format",
        "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
        id,
      );
      expect(await dialled("app", address, port)).toBe("1");
      expect(await dialled("app", service, port)).toBe("1");
      expect(await dialled("nginx", address, port)).toBe("0");
      expect(await dialled("nginx", service, port)).toBe("0");
    }
  });
});

test("releases have no downtime, lose no request and count none twice", async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  const use = await whileUsed(portal, fresh, async () => {
    deployment.edit("backend/devportal/health.py", (text) => text.replace('"no-store"', '"no-store, max-age=0"'));
    await deployment.up();
    deployment.edit("nginx/nginx.conf", (text) => text.replace("expires 1y;", "expires 30d;"));
    await deployment.up();
  });
  expect((await get("/health")).headers.get("cache-control")).toBe("no-store, max-age=0");
  expect(use.failures).toEqual([]);
  expect([use.kept.length, use.pages].every((times) => times > 100)).toBe(true);
  expect(await keptOnce(use.kept)).toBe(true);
  expect(await portal.usedToday()).toBe(use.counted.length);
});

test("all passwords and keys are rotated at once without downtime", { tags: "extended" }, async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  const before = await redisLogin();
  expect(await redisSays(before)).toBe("PONG");
  const [redis] = await containersOf(deployment, docker, "redis");
  const use = await whileUsed(portal, fresh, async () => {
    deployment.configure(configuration(ROTATED));
    await deployment.up();
  });
  expect(use.failures).toEqual([]);
  expect(await keptOnce(use.kept)).toBe(true);
  // The key and the token are older than the restart.
  expect(await portal.usedToday()).toBe(use.counted.length);
  expect(await redisSays(before)).toMatch(/^WRONGPASS/);
  expect(await redisSays(await redisLogin())).toBe("PONG");
  expect(await containersOf(deployment, docker, "redis")).toEqual([redis]);
});

test("Redis killed with -9 causes no downtime and loses at most the last seconds", { tags: "extended" }, async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  const [redis = ""] = await containersOf(deployment, docker, "redis");
  const pid = await docker("inspect", "--format", "{{.State.Pid}}", redis);
  let [before, after] = [0, 0];
  const use = await whileUsed(portal, fresh, async () => {
    await pause(5);
    before = Date.now();
    await server.exec(`kill -9 ${pid}`);
    after = Date.now();
    await eventually(60, async () => {
      expect(await docker("inspect", "--format", "{{.RestartCount}} {{.State.Status}}", redis)).toBe("1 running");
      await docker("exec", redis, "sh", "-c", "printf 'AUTH health -\\nPING\\n' | redis-cli | grep -qx PONG");
    });
    await pause(5);
  });
  expect(use.failures).toEqual([]);
  expect(await keptOnce(use.kept)).toBe(true);
  // Redis flushes its log each second, and on a busy disk every two.
  const atRisk = use.counted.filter((at) => at > before - 2000 && at <= after).length;
  const used = await portal.usedToday();
  expect(used).toBeGreaterThanOrEqual(use.counted.length - atRisk);
  // A request whose response was lost is counted again.
  expect(used).toBeLessThanOrEqual(use.counted.length + 10);
  expect(use.counted.filter((at) => at < before - 2000).length).toBeGreaterThan(10);
});

test("after a power cut the stack restarts and loses at most the last seconds", { tags: "extended" }, async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  let cut = 0;
  const use = await whileUsed(portal, fresh, async () => {
    await pause(5);
    cut = Date.now();
    await server.cutPower();
    await eventually(180, async () => {
      const output = await deployment.make("status");
      expect(output.match(/^app .* running .* healthy/gm)).toHaveLength(3);
    });
    await pause(5);
  });
  expect(await keptOnce(use.kept)).toBe(true);
  const atRisk = use.counted.filter((at) => at > cut - 2000 && at < cut + 3000).length;
  const used = await portal.usedToday();
  expect(used).toBeGreaterThanOrEqual(use.counted.length - atRisk);
  // Requests that were counted but not answered.
  expect(used).toBeLessThanOrEqual(use.counted.length + use.failures.length);
  expect(use.counted.filter((at) => at < cut - 2000).length).toBeGreaterThan(10);
});

test("a missing variable is named at start, and the old version keeps serving", { tags: "extended" }, async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  const whole = "DATABASE_URL: postgres.url";
  let output = "";
  const use = await whileUsed(portal, fresh, async () => {
    deployment.edit("app.ts", (text) => text.replace(whole, `X_${whole}`).replace("REDIS_URL: ", "X_REDIS_URL: "));
    output = (await deployment.tryMake("up")).output;
    deployment.edit("app.ts", (text) => text.replaceAll("X_", ""));
  });
  expect(output).toMatch(/Job \S+ failed: exited, exit code 1/);
  expect(output).toContain("DATABASE_URL: missing. Set it to postgresql://user@host:5432/database.");
  expect(output).toContain("REDIS_URL: missing. Set it to redis://user@host:6379/0.");
  expect(use.failures).toEqual([]);
  await deployment.up();
});

test("a failing migration stops the release, and the old version keeps serving", { tags: "extended" }, async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  const revision = 'revision = "0003"\ndown_revision = "0002"\n';
  const broken = `from alembic import op\n\n${revision}\n\ndef upgrade() -> None:\n    op.drop_table("nothing")\n`;
  const use = await whileUsed(portal, fresh, async () => {
    deployment.write("backend/devportal/migrations/versions/0003_broken.py", broken);
    const { failed, output } = await deployment.tryMake("up");
    expect(failed).toBe(true);
    expect(output).toContain('table "nothing" does not exist');
  });
  expect(use.failures).toEqual([]);
  const mended = broken.replace('op.drop_table("nothing")', 'op.execute("SELECT 1")');
  deployment.write("backend/devportal/migrations/versions/0003_broken.py", mended);
  await deployment.up();
  const [postgres = ""] = await containersOf(deployment, docker, "postgres");
  const version = "select version_num from alembic_version";
  const asked = ["psql", "-U", "devportal_user", "-d", "devportal", "-Atc", version];
  expect(await docker("exec", postgres, ...asked)).toBe("0003");
});

test("lost data is restored from a backup", { tags: "extended" }, async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  expect((await portal.keep("to be lost")).status).toBe(201);
  await expectBackupRoundTrip(deployment, () => deployment.make("psql", "SQL=TRUNCATE accounts CASCADE"));
  expect(await (await portal.get("/api/v1/notes?limit=3")).text()).toContain("to be lost");
});

test("a client over the rate limit gets a page, and programs JSON", { tags: "extended" }, async () => {
  deployment.configure(
    configuration({
      ...ROTATED,
      requestsPerSecond: 5,
      signInsPerMinute: 10,
    }),
  );
  await deployment.up();
  const many = (path: string, init = {}) => Promise.all(Array.from({ length: 40 }, () => get(path, init)));
  const refused = async (answers: ReturnType<typeof many>) => (await answers).filter(({ status }) => status === 429);
  const [page] = await refused(many("/docs"));
  expect([page?.headers.get("content-type"), page?.headers.get("retry-after")]).toEqual(["text/html", "60"]);
  expect(await page?.text()).toContain("Too many requests");
  const form = { method: "POST", body: new URLSearchParams({ username: "x@example.org", password: "y" }) };
  const attempts = await refused(many("/api/token", form));
  expect(attempts.length).toBeGreaterThanOrEqual(30);
  expect(attempts[0]?.headers.get("content-type")).toBe("application/json");
});

test("without the application visitors get the portal's own error page", async () => {
  const replicas = await containersOf(deployment, docker, "app");
  await docker("stop", "--time", "1", ...replicas);
  const page = await get("/");
  expect(page.status).toBeOneOf([502, 504]);
  expect(await page.text()).toContain("DevPortal does not respond at the moment");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  await docker("start", ...replicas);
  await eventually(60, async () => expect((await get("/health")).status).toBe(200));
});

interface Inspected {
  Name: string;
  Image: string;
  Config: { User: string; Labels: Record<string, string>; Healthcheck: unknown };
  HostConfig: { PortBindings: Record<string, unknown> | null; MemoryReservation: number };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Whether the database has each of these notes exactly once. */
async function keptOnce(texts: string[]): Promise<boolean> {
  const [postgres = ""] = await containersOf(deployment, docker, "postgres");
  const all = await docker(
    "exec",
    postgres,
    "psql",
    "-U",
    "devportal_user",
    "-d",
    "devportal",
    "-Atc",
    "select text from notes",
  );
  const kept = all.split("\n");
  return texts.every((text) => kept.indexOf(text) >= 0 && kept.indexOf(text) === kept.lastIndexOf(text));
}

/** With the application's current Redis login. */
async function redisLogin(): Promise<{ user: string; password: string }> {
  const [app = ""] = await containersOf(deployment, docker, "app");
  const environment = await docker("exec", app, "env");
  const [, user = ""] = /REDIS_URL=redis:\/\/(\w+)@/.exec(environment) ?? [];
  return { user, password: await docker("exec", app, "cat", "/run/secrets/redis-password") };
}

async function redisSays({ user, password }: { user: string; password: string }): Promise<string> {
  const [redis = ""] = await containersOf(deployment, docker, "redis");
  const output = await server.exec(`docker exec -i ${redis} redis-cli`, `AUTH ${user} ${password}\nPING\n`);
  return output.replace(/^OK\n/, "").split("\n")[0] ?? "";
}
