import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labelIn } from "../../../components/model/labels";
import { commandLine } from "../../../components/model/shell";
import type { StandInServer } from "../../servers/server";
import { Antone } from "../../support/antone";
import { expectBackupRoundTrip } from "../../support/backup-round-trip";
import { Visitor } from "../../support/browser";
import type { Deployment } from "../../support/deployment";
import { eventually } from "../../support/eventually";
import { type Example, startExample } from "../../support/example";
import { expectHardened, type SecuritySettings } from "../../support/hardened";
import { containersOf, type Docker, networkOf } from "../../support/office-story";

const NAME = "antone.office.test";
const TUNNELLED = "antone.example.org";
const TUNNELLED_API = "api.antone.example.org";
const TOKEN = Buffer.from(JSON.stringify({ a: "account", t: "tunnel", s: "c2VjcmV0LW9mLXRoZS10dW5uZWw=" })).toString(
  "base64",
);

/** Part of the names of files in the build folder that no image may have. */
const UNSHIPPED = randomBytes(10).toString("hex");

let example: Example;
let server: StandInServer;
let deployment: Deployment;
let docker: Docker;
let browser: Browser;
let site: Antone;
let password: string;

const only = async (service: string) => (await containersOf(deployment, docker, service))[0] ?? "";
const sql = async (query: string) =>
  docker("exec", await only("postgres"), "psql", "-U", "antone", "-d", "antone", "-At", "-c", query);
const running = async () => (await containersOf(deployment, docker)).sort();
const isOut = (id: string, seconds = 20) =>
  eventually(seconds, async () => expect(await site.post(id)).toMatchObject({ status: "published" }));
/** Posts of this batch, and how often each was published. */
const counted = (batch: string) =>
  sql(
    `SELECT count(DISTINCT p.id), count(DISTINCT p.id) FILTER (WHERE p.status = 'published'), count(l.id)
       FROM posts p LEFT JOIN publications l ON l.post_id = p.id WHERE p.body LIKE '${batch} %'`,
  );

beforeAll(async () => {
  example = await startExample("antone", NAME, {
    replicas: 2,
    workers: 2,
    databaseMemoryMb: 8192,
    backupTimeZone: "Europe/Berlin",
    tunnelHostname: TUNNELLED,
    tunnelApiHostname: TUNNELLED_API,
    corsAllowedOrigins: [`https://${TUNNELLED}`],
    drainSeconds: 10,
  });
  ({ server, browser, deployment } = example);
  docker = server.docker;
  await deployment.setSecret("tunnelToken", TOKEN);
  for (const file of [`.env.${UNSHIPPED}`, `packages/api/${UNSHIPPED}.key`, `packages/dashboard/.env.${UNSHIPPED}`]) {
    deployment.write(`app/${file}`, "TWITTER_API_KEY=sk-1\n");
  }
});

afterAll(() => example?.stop());

test("one `up` deploys the stack to a server, without the tunnel that cannot connect", async () => {
  const output = await deployment.up();
  expect(output).toContain(`https://${NAME}`);
  expect(output).toMatch(/cloudflared-\w+ is not healthy after 20 s: .*The release continues without it/);
  password = (await deployment.outputs()).adminPassword;
  site = new Antone(`https://${NAME}`, deployment.fetch);
  await site.signIn(password);
  await deployment.up("--expect-no-changes");
});

test("`make status` reports the tunnel as the only problem", async () => {
  let output = "";
  // The tunnel starts without becoming healthy, and is unhealthy only after its tries.
  await eventually(180, async () => {
    const status = await deployment.tryMake("status");
    expect(status.failed).toBe(true);
    output = status.output;
  });
  expect(output).toContain("Off-site: no copy");
  const [, problems = ""] = output.split("Not well:");
  const named = problems.split("\n").filter((line) => line.startsWith("  "));
  expect(named.length, output).toBeGreaterThan(0);
  for (const line of named) expect(line).toContain("cloudflared");
});

describe("the dashboard", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await Visitor.open(browser, `https://${server.address}`, { ignoreHTTPSErrors: true });
  });

  const enter = async (given: string) => {
    await visitor.page.getByLabel("Password").fill(given);
    await visitor.page.getByRole("button", { name: "Sign in" }).click();
  };
  const schedule = async (body: string, when = "") => {
    await visitor.page.getByLabel("Text").fill(body);
    await visitor.page.getByLabel("When").fill(when);
    await visitor.page.getByRole("button", { name: "Schedule" }).click();
  };
  const row = (body: string) => visitor.page.getByRole("row").filter({ hasText: body });

  test("requires the password", async () => {
    expect((await visitor.page.goto("/"))?.status()).toBe(200);
    await visitor.page.getByRole("button", { name: "Sign in" }).waitFor();
    await visitor.expectAccessible();
    await enter("wrong");
    await expect
      .poll(() => visitor.page.locator("main").getByRole("alert").textContent())
      .toContain("not the password");
    await enter(password);
    await visitor.page.getByRole("heading", { name: "New post" }).waitFor();
    await visitor.expectAccessible();
  });

  test("shows a post that a worker publishes", async () => {
    await schedule("Good morning");
    await expect.poll(() => row("Good morning").textContent()).toContain("published");
    expect(await logsOf("backend-worker")).toContain("Good morning");
    await visitor.expectAccessible();
  });

  test("cancels a post that is not published yet", async () => {
    await schedule("In ten years", "2036-01-01T09:00");
    await expect.poll(() => row("In ten years").textContent()).toContain("scheduled");
    await row("In ten years").getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => row("In ten years").textContent()).toContain("cancelled");
  });

  test("shows which key is missing for a platform", async () => {
    await visitor.page.getByLabel("Platform").selectOption("Threads");
    await schedule("For Threads");
    await expect.poll(() => row("For Threads").textContent()).toContain("threads-access-token");
  });

  test("causes no browser errors", () => {
    expect(visitor.browserErrors).toEqual([]);
  });
});

async function logsOf(service: string): Promise<string> {
  const ids = await containersOf(deployment, docker, service);
  return (await Promise.all(ids.map((id) => docker("logs", id)))).join("\n");
}

describe("the running containers", () => {
  test("are no root except one, and have no new privileges, a read-only root, limits and a restart policy", async () => {
    const all = JSON.parse(await docker("inspect", ...(await running()))) as SecuritySettings[];
    expect(all.length).toBeGreaterThanOrEqual(10);
    for (const container of all) expectHardened(container);
    expect(
      all.filter(({ Config }) => Config.User.startsWith("0")).map(({ Config }) => labelIn(Config.Labels, "service")),
    ).toEqual(["backups"]);
  });

  test("have the specified health checks", async () => {
    const check = async (service: string) =>
      JSON.parse(await docker("inspect", "--format", "{{json .Config.Healthcheck}}", await only(service)));
    const second = 1_000_000_000;
    expect(await check("backend-api")).toEqual({
      Test: ["CMD", "wget", "--quiet", "--tries=1", "--spider", "http://127.0.0.1:3001/health"],
      Interval: 20 * second,
      Timeout: 10 * second,
      Retries: 3,
      StartPeriod: 30 * second,
    });
    const postgres = await check("postgres");
    expect(postgres).toMatchObject({ Interval: 10 * second, Timeout: 5 * second, Retries: 5 });
    expect(postgres.Test.join(" ")).toContain("pg_isready");
    expect(postgres.StartPeriod).toBeGreaterThanOrEqual(15 * second);
  });

  test("run as user 1001, from images without the secret files of the build folder", async () => {
    for (const [service, program] of [
      ["backend-api", "/app/packages/api/dist/index.js"],
      ["dashboard", "/app/packages/dashboard/server.js"],
    ] as const) {
      const container = await only(service);
      expect(await docker("exec", container, "id")).toBe("uid=1001(antone) gid=1001(nodejs) groups=1001(nodejs)");
      // The program is found, which proves that the search works.
      const search = `find /app -name '*${UNSHIPPED}*' -o -path ${program}`;
      expect(await docker("exec", container, "sh", "-c", search)).toBe(program);
    }
  });

  test("let only pages of the configured origin call the API", async () => {
    const preflight = async (origin: string) => {
      const asks = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization" };
      const init = { method: "OPTIONS", headers: { Origin: origin, ...asks } };
      const { headers } = await deployment.fetch(`https://${NAME}/api/posts`, init);
      return ["origin", "methods", "headers"].map((what) => headers.get(`access-control-allow-${what}`));
    };
    const named = `https://${TUNNELLED}`;
    expect(await preflight(named)).toEqual([named, expect.stringContaining("POST"), "Authorization,Content-Type"]);
    expect((await preflight("https://other.example.org"))[0]).toBeNull();
  });

  test("have no secret in readable places", async () => {
    const [inspected, processes, state] = await Promise.all([
      running().then((ids) => docker("inspect", ...ids)),
      server.exec("ps -eo args"),
      Promise.resolve(deployment.state()),
    ]);
    const [databasePassword, jwtSecret] = await Promise.all(
      ["database-password", "jwt-secret"].map(async (name) =>
        docker("exec", await only("backend-api"), "cat", `/run/secrets/${name}`),
      ),
    );
    for (const secret of [password, TOKEN, databasePassword ?? "", jwtSecret ?? ""]) {
      expect(secret.length).toBeGreaterThan(15);
      for (const text of [inspected, processes, state]) expect(text.includes(secret)).toBe(false);
    }
  });

  test("take backups at 02:00 local time, keep them for a week and a year, and report so in their log", async () => {
    const backups = await only("backups");
    const clock = "env TZ=Europe/Berlin date +%H:%M%z; date +%H:%M%z";
    const [expected, actual] = (await docker("exec", backups, "sh", "-c", clock)).split("\n");
    expect(actual).toBe(expected);
    expect(actual).toMatch(/\+0[12]00$/);
    expect(await server.exec(`docker logs ${backups} 2>&1`)).toContain(
      "Keeping backups: daily at 0200 (Europe/Berlin).",
    );
    const environment = (await docker("exec", backups, "env")).split("\n");
    expect(environment).toEqual(expect.arrayContaining(["KEEP_DAILY=7", "KEEP_MONTHLY=12"]));
  });

  test("include PostgreSQL 17 with a quarter of its 8 GiB as shared buffers", async () => {
    expect(await sql("SHOW server_version")).toMatch(/^17\./);
    expect(await sql("SHOW shared_buffers")).toBe("2GB");
    expect(await sql("SHOW effective_cache_size")).toBe("6GB");
  });

  test("keep the database unreachable for the edge, the dashboard and the tunnel", async () => {
    const back = await networkOf(deployment, docker, "database-network");
    const inside = JSON.parse(await docker("network", "inspect", back))[0] as {
      Containers: Record<string, { Name: string }>;
    };
    const services = Object.values(inside.Containers).map(({ Name }) =>
      Name.replace(/^antone-antone-\w+-([a-z-]+?)(-\d)?-\w+$/, "$1"),
    );
    expect([...new Set(services)].sort()).toEqual(["backend-api", "backend-worker", "backups", "postgres"]);
  });
});

describe("posts are neither lost nor published twice", () => {
  test("while a release replaces the workers and the API", async () => {
    const before = await site.release();
    deployment.edit("app/packages/worker/src/sinks/index.ts", (code) =>
      code.replace("in the worker's log", "in its log"),
    );
    let deployed = false;
    const release = deployment.up().finally(() => {
      deployed = true;
    });
    let posts = 0;
    const schedule = async () => {
      await site.schedule(`release ${posts++}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    };
    while (!deployed) await schedule();
    await release;
    for (let more = 0; more < 10; more++) await schedule();
    expect(await site.release()).not.toBe(before);
    await eventually(120, async () => expect(await counted("release")).toBe(`${posts}|${posts}|${posts}`));
    // By both versions: some before the switch, some after it.
    expect(await sql("SELECT count(DISTINCT detail) FROM posts WHERE body LIKE 'release %'")).toBe("2");
  });

  test("when a worker is killed while publishing", { tags: "extended" }, async () => {
    const { id } = await site.schedule("killed 0", 6);
    // The publisher has to wait for this lock.
    const held = sql(`BEGIN; SELECT id FROM posts WHERE id = '${id}' FOR UPDATE; SELECT pg_sleep(25); COMMIT`);
    const active =
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE posts SET status%'";
    await eventually(20, async () => expect(await sql(active)).toBe("1"));
    const pids = await Promise.all(
      (await containersOf(deployment, docker, "backend-worker")).map((worker) =>
        docker("inspect", "--format", "{{.State.Pid}}", worker),
      ),
    );
    await server.exec(commandLine(["kill", "-9", ...pids]));
    await held;
    await isOut(id, 180);
    expect(await counted("killed")).toBe("1|1|1");
  });

  test("when the server loses power while publishing many", { tags: "extended" }, async () => {
    let confirmed = 0;
    const scheduling = (async () => {
      for (; ; confirmed++) await site.schedule(`power ${confirmed}`);
    })().catch(() => undefined);
    await eventually(60, async () => expect(confirmed).toBeGreaterThan(20));
    await server.cutPower();
    await scheduling;
    await eventually(240, async () => {
      const [posts = 0, published, publications] = (await counted("power")).split("|").map(Number);
      expect(posts).toBeGreaterThanOrEqual(confirmed);
      expect([published, publications]).toEqual([posts, posts]);
    });
  });
});

test("a worker's command that its image lacks is refused before anything starts", { tags: "extended" }, async () => {
  const before = await running();
  // Docker restarts the tunnel repeatedly, since nothing responds to it.
  const tunnel = await containersOf(deployment, docker, "cloudflared");
  const startTimes = () =>
    docker("inspect", "--format", "{{.State.StartedAt}}", ...before.filter((id) => !tunnel.includes(id)));
  const started = await startTimes();
  const [right, wrong] = ['program(values.liveReload, "worker", "index")', '["node", "dist/workers/index.js"]'];
  deployment.edit("containers.ts", (code) => code.replace(right, wrong));
  const { failed, output } = await deployment.tryMake("up");
  deployment.edit("containers.ts", (code) => code.replace(wrong, right));
  expect(failed).toBe(true);
  expect(output).toMatch(
    /Service backend-worker-1: its image \S+\/backend:\w+ has no file dist\/workers\/index\.js in \/app\./,
  );
  expect(output).toContain("Nothing was started or stopped.");
  expect(await running()).toEqual(before);
  expect(await startTimes()).toBe(started);
  const { id } = await site.schedule("still at work");
  await isOut(id);
});

describe("the tunnel", () => {
  const ask = async (host: string, path: string, ...options: string[]) =>
    docker(
      "exec",
      await only("nginx"),
      ...`curl -s -m 10 -w \n%{http_code} -H Host:${host} http://tunnel-edge:8080${path}`.split(" "),
      ...options,
    );

  beforeAll(async () => {
    const network = await networkOf(deployment, docker, "antone-network");
    const aliases = ["--network-alias", "region1.v2.argotunnel.com", "--network-alias", "tunnel-edge"];
    await docker(
      "create",
      "--name",
      "tunnel-edge",
      "--network",
      network,
      ...aliases,
      ...["node:24-alpine", "sleep", "infinity"],
    );
    const script = await readFile(join(__dirname, "../../servers/tunnel-edge.mjs"), "utf8");
    await server.exec(
      "cat >/tmp/tunnel-edge.mjs && docker cp /tmp/tunnel-edge.mjs tunnel-edge:/ && docker start tunnel-edge",
      script,
    );
  });
  afterAll(() => docker("rm", "--force", "tunnel-edge"));

  test("is the only unhealthy container while Cloudflare's names resolve but do not respond", {
    tags: "extended",
  }, async () => {
    const state = async () =>
      docker("inspect", "--format", "{{.State.Status}} {{.State.Health.Status}}", await only("cloudflared"));
    // After a start, failures count from 15 s on; three of them, ten seconds apart.
    await eventually(180, async () => expect(await state()).toBe("running unhealthy"));
    const { output, failed } = await deployment.tryMake("status");
    expect(failed).toBe(true);
    const [said, problems = ""] = output.split("Not well:");
    const named = problems.split("\n").filter((line) => line.startsWith("  "));
    expect(named).toEqual([expect.stringMatching(/^ {2}cloudflared-\w+ is unhealthy: .*readyConnections.*0/)]);
    expect(said).toContain(`https://${NAME} answers 200`);
    const { id } = await site.schedule("without the tunnel");
    await isOut(id);
  });

  test("becomes healthy once Cloudflare responds, and forwards to the dashboard and the API only", async () => {
    await docker("exec", "--detach", "tunnel-edge", "node", "/tunnel-edge.mjs");
    await eventually(150, async () => expect(await ask(TUNNELLED, "/")).toMatch(/Antone.*\n200$/s));
    expect(await ask(TUNNELLED, "/api/health/")).toMatch(/"status":"ok".*\n200$/s);
    expect(await ask(TUNNELLED_API, "/health")).toMatch(/"status":"ok".*\n200$/s);
    expect(await ask("other.example.org", "/")).toMatch(/\n404$/);
    const headers = ["strict-transport-security", "content-security-policy", "x-content-type-options"];
    for (const [host, path] of [
      [TUNNELLED, "/"],
      [TUNNELLED, "/api/health/"],
      [TUNNELLED_API, "/health"],
    ] as const) {
      const answer = (await ask(host, path, "--include")).toLowerCase();
      for (const header of headers) expect(answer, `${host}${path}`).toMatch(new RegExp(`^${header}: `, "m"));
    }
    await eventually(60, async () => {
      await deployment.make("status");
    });
  });
});

test("lost data is restored from a backup", { tags: "extended" }, async () => {
  const before = await counted("release");
  await expectBackupRoundTrip(deployment, () => sql("DELETE FROM publications; DELETE FROM posts"));
  expect(await counted("release")).toBe(before);
});

test("the data is kept when the stack is destroyed", { tags: "extended" }, async () => {
  const before = await counted("release");
  expect(await deployment.make("down", "YES=1")).toMatch(
    /Its data is kept on the server, in the volumes .*postgres_data/,
  );
  expect(await running()).toEqual([]);
  await deployment.up();
  password = (await deployment.outputs()).adminPassword;
  await site.signIn(password);
  expect(await counted("release")).toBe(before);
});
