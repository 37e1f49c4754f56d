/** @module-tag extended */
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, Visitor } from "../../support/browser";
import { Deployment } from "../../support/deployment";
import { Portal } from "../../support/devportal";
import { eventually } from "../../support/eventually";
import { localDocker } from "../../support/local-docker";
import { containersOf } from "../../support/office-story";
import { freePort } from "../../support/ports";

let deployment: Deployment;
let url: string;
let ports: Record<"databasePort" | "redisPort" | "adminerPort" | "redisCommanderPort", number>;

beforeAll(async () => {
  const httpPort = await freePort();
  ports = {
    databasePort: await freePort(),
    redisPort: await freePort(),
    adminerPort: await freePort(),
    redisCommanderPort: await freePort(),
  };
  url = `http://localhost:${httpPort}`;
  const configuration = {
    httpAddress: "127.0.0.1",
    httpPort,
    appEnv: "development",
    debug: true,
    liveReload: true,
    allowedOrigins: ["http://localhost:3000"],
    signInsPerMinute: 600,
    requestsPerSecond: 1000,
    drainSeconds: 5,
    ...ports,
  };
  deployment = await Deployment.create("portal-dev", configuration, { project: "examples/devportal" });
  await deployment.up();
});

afterAll(async () => {
  await deployment?.destroyWithData();
  deployment?.remove();
});

test("a key is created and used, and a second `up` changes nothing", async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  expect((await portal.keep("Hello")).status).toBe(201);
  expect(await portal.usedToday()).toBe(1);
  await deployment.up("--expect-no-changes");
});

test("`make status` finds no problem", async () => {
  await eventually(90, async () => {
    const output = await deployment.make("status");
    for (const service of ["app", "nginx", "postgres", "redis", "adminer", "redis-commander"]) {
      expect(output).toMatch(new RegExp(`^${service} .* running .* healthy`, "m"));
    }
  });
});

test("Swagger UI at /docs works in a browser, with assets of the portal only", async () => {
  const browser = await startBrowser();
  try {
    const visitor = await Visitor.open(browser, url, {});
    const hosts = new Set<string>();
    visitor.page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await visitor.page.goto("/docs");
    await visitor.page.getByText("Keep a note").waitFor();
    expect([...hosts]).toEqual([new URL(url).host]);
    expect(visitor.browserErrors).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("the demo account can sign in and has keys and notes from the start", async () => {
  const { seed } = (await deployment.outputs()) as unknown as { seed: string };
  const form = new URLSearchParams({ username: "dev@example.org", password: seed });
  const token = await deployment.fetch(`${url}/api/token`, { method: "POST", body: form });
  expect(token.status).toBe(200);
  const { access_token } = (await token.json()) as { access_token: string };
  const keys = await deployment.fetch(`${url}/api/keys`, { headers: { Authorization: `Bearer ${access_token}` } });
  expect(await keys.json()).toMatchObject([{ revoked_at: expect.any(String) }, { revoked_at: null }]);
});

test("an edit of the program, a template or the style sheet takes effect at once, without an `up`", async () => {
  const running = await containersOf(deployment, localDocker);
  deployment.edit("backend/devportal/health.py", (text) => text.replace('"no-store"', '"no-store, max-age=0"'));
  await eventually(20, async () => {
    expect((await deployment.fetch(`${url}/health`)).headers.get("cache-control")).toBe("no-store, max-age=0");
  });
  deployment.edit("backend/devportal/templates/sign-in.html", (text) => text.replace("New here?", "New to us?"));
  await eventually(20, async () => expect(await text("/sign-in")).toContain("New to us?"));
  deployment.edit("backend/devportal/static/portal.css", (text) => `${text}\n/* edited */\n`);
  await eventually(20, async () => expect(await text("/static/portal.css")).toContain("edited"));
  expect(await containersOf(deployment, localDocker)).toEqual(running);
});

test("tools connect to the database and Redis on the loopback address, with their passwords", async () => {
  const { database, cache } = (await deployment.outputs()) as unknown as { database: string; cache: string };
  const client = (image: string, ...words: string[]) =>
    localDocker("run", "--rm", "--network", "host", image, ...words);
  const extensions = await client("postgres:15-alpine", "psql", database, "-Atc", "select extname from pg_extension");
  expect(extensions.split("\n")).toEqual(expect.arrayContaining(["uuid-ossp", "pgcrypto"]));
  expect(await client("redis:7-alpine", "redis-cli", "--no-auth-warning", "-u", cache, "ping")).toBe("PONG");
  expect(await client("redis:7-alpine", "redis-cli", "-p", String(ports.redisPort), "ping")).toMatch(/^NOAUTH/);
  const published = await Promise.all(["postgres", "redis"].map(portsOf));
  expect(published).toEqual([
    `5432/tcp -> 127.0.0.1:${ports.databasePort}`,
    `6379/tcp -> 127.0.0.1:${ports.redisPort}`,
  ]);
});

test("Adminer shows the tables without a sign-in, at addresses of this machine only", async () => {
  expect(await portsOf("adminer")).toBe(`8080/tcp -> 127.0.0.1:${ports.adminerPort}`);
  const address = `http://127.0.0.1:${ports.adminerPort}/`;
  const first = await deployment.fetch(address, { redirect: "manual" });
  const location = new URL(first.headers.get("location") ?? "", address);
  expect(Object.fromEntries(location.searchParams)).toMatchObject({ pgsql: "postgres", db: "devportal" });
  const cookie = first.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const tables = await (await deployment.fetch(location.href, { headers: { Cookie: cookie } })).text();
  for (const table of ["accounts", "api_keys", "notes", "alembic_version"]) expect(tables).toContain(`table=${table}`);
  // Another name that leads to this machine, as in DNS rebinding, gets the form.
  const [adminer = ""] = await containersOf(deployment, localDocker, "adminer");
  const ask = `echo file_get_contents("http://127.0.0.1:8080/", false, stream_context_create(["http" => ["header" => "Host: evil.example.org"]]));`;
  const form = await localDocker("exec", adminer, "php", "-r", ask);
  expect(form).toContain("auth[password]");
  expect(form).not.toContain("table=accounts");
});

test("redis-commander shows the keys of Redis, on the loopback address only", async () => {
  expect(await portsOf("redis-commander")).toBe(`8081/tcp -> 127.0.0.1:${ports.redisCommanderPort}`);
  const commander = `http://127.0.0.1:${ports.redisCommanderPort}`;
  const held = await deployment.fetch(`${commander}/apiv2/keys/R:redis:6379:0/quota:*`);
  expect(await held.json()).toEqual({ data: [expect.stringMatching(/^quota:[0-9a-f-]{36}:/)] });
});

test("no password is in an environment, a command line or a log", async () => {
  const { database, cache, seed, adminPassword } = (await deployment.outputs()) as unknown as Record<string, string>;
  const passwords = [new URL(database ?? "").password, new URL(cache ?? "").password, seed ?? "", adminPassword ?? ""];
  expect(passwords.every((password) => password.length >= 20)).toBe(true);
  const containers = await containersOf(deployment, localDocker);
  const inspected = await localDocker("inspect", ...containers);
  const running = JSON.parse(inspected).filter(({ State }: { State: { Running: boolean } }) => State.Running);
  const tops = await Promise.all(running.map(({ Id }: { Id: string }) => localDocker("top", Id, "-eo", "pid,args")));
  const logs = await Promise.all(
    containers.map(async (id) => (await execa("docker", ["logs", id], { all: true })).all),
  );
  const output = [inspected, ...tops, ...logs].join("\n");
  for (const password of passwords) expect(output).not.toContain(password);
});

test("Redis keeps a counter both in its append-only file and in a snapshot, within its memory limit", async () => {
  const portal = await Portal.signUp(url, deployment.fetch);
  expect((await portal.keep("To be counted")).status).toBe(201);
  const [redis = ""] = await containersOf(deployment, localDocker, "redis");
  const inside = (script: string) => localDocker("exec", redis, "sh", "-c", script);
  const operator = (...commands: string[]) => {
    const lines = commands.map((command) => `echo '${command}';`).join(" ");
    return inside(`{ printf 'AUTH operator %s\\n' "$(cat /etc/redis/operator-password)"; ${lines} } | redis-cli`);
  };
  const settings = ["appendonly", "appendfsync", "maxmemory", "maxmemory-policy", "save"];
  const values = await operator(...settings.map((name) => `CONFIG GET ${name}`));
  expect(values.split("\n").filter((line) => line !== "")).toEqual([
    "OK",
    ...["appendonly", "yes", "appendfsync", "everysec", "maxmemory", String(256 * 1024 * 1024)],
    ...["maxmemory-policy", "allkeys-lru", "save", "900 1 300 10 60 10000"],
  ]);

  const counters = (await operator("KEYS quota:*")).split("\n").slice(1);
  expect(counters.length).toBeGreaterThan(0);
  await inside("rm -f /data/dump.rdb");
  expect(await operator("BGSAVE")).toContain("Background saving started");
  await eventually(20, async () => expect(await operator("INFO persistence")).toMatch(/rdb_last_bgsave_status:ok/));
  await eventually(20, async () => {
    const checked = await inside("redis-check-rdb /data/dump.rdb");
    expect(checked).toContain("RDB looks OK");
    expect(Number(/(\d+) keys read/.exec(checked)?.[1])).toBeGreaterThanOrEqual(counters.length);
  });
  const [counter = ""] = counters;
  await eventually(5, async () => {
    expect(await inside(`cat /data/appendonlydir/*.aof | grep -c '${counter}'`)).not.toBe("0");
  });
  expect(await inside("redis-check-aof /data/appendonlydir/*.manifest")).toMatch(
    /All AOF files and manifest are valid/,
  );
});

async function portsOf(service: string): Promise<string> {
  const [container = ""] = await containersOf(deployment, localDocker, service);
  return localDocker("port", container);
}

async function text(path: string): Promise<string> {
  return (await deployment.fetch(url + path)).text();
}
