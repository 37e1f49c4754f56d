import { resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bridgeAddress, docker } from "../servers/docker";
import { StandInServer } from "../servers/server";
import { eventually } from "../support/eventually";
import { SmallProject } from "../support/small-project";
import { succeeded } from "../support/succeeded";

/** A project with each kind of thing that is measured. */
const PROGRAM = `import * as berth from "berth";

const settings = berth.metricsSettings;

export const { url, metricsPassword } = berth.stack({ settings, check: berth.metricsProblems }, (stack) => {
  const front = new berth.Network("front", { stack });
  const back = new berth.Network("back", { stack, internal: true });
  const networks = [front, back];
  const postgres = new berth.Postgres("postgres", { networks: [back], database: "app", user: "postgres" });
  const redis = new berth.Redis("redis", { networks: [back] });
  new berth.Backups("backups", { ...stack.config.backups, networks, databases: [postgres] });
  const image = new berth.Image("app", { stack, context: "./app" });
  const app = new berth.WebService("app", {
    networks: [front],
    image,
    user: "1000:1000",
    env: { PORT: "3000" },
    port: 3000,
    health: { command: ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"] },
  });
  const job = ["node", "-e", "process.exit(3)"];
  new berth.Cron("minutely", { networks: [front], image, user: "1000:1000", schedule: "* * * * *", command: job });
  const measured = berth.metricsArgs(stack.config.values);
  const metrics =
    measured && new berth.Metrics("metrics", { ...measured, networks, postgres, redis, sites: stack.config.names });
  const edge = new berth.Edge("nginx", {
    ...stack.config.edge,
    networks: [front],
    image: "nginx:alpine",
    upstreams: { app },
    certificate: berth.siteCertificate(stack.config.tls, front),
    metrics,
  });
  return { url: edge.url, metricsPassword: metrics?.scraper?.password };
});
`;

/** Port of the metrics, and of Prometheus, on the server's loopback address. */
const [PORT, PROMETHEUS] = [9464, 9490];
const PROGRAMS = resolve(".tools/prometheus/usr/bin");

let server: StandInServer;
let project: SmallProject;
let password = "";

beforeAll(async () => {
  server = await StandInServer.start({ name: "metrics" });
  project = new SmallProject({ ...server.settings });
  project.write("index.ts", PROGRAM);
  await project.pulumi("stack", "init");
  await up();
  await docker("cp", `${PROGRAMS}/prometheus`, `${server.container}:/usr/local/bin/prometheus`);
});

afterAll(async () => {
  await server?.stop();
  project?.remove();
});

const up = () => succeeded(project.berth("up"));

const set = (...words: string[]) => project.pulumi("config", "set", ...words);
const metrics = () => server.exec(`curl -fsS http://127.0.0.1:${PORT}/metrics`);

/** Status code of the metrics on the site, asked from this machine. */
async function statusOnSite(...options: string[]): Promise<string> {
  const words = ["-s", "-o", "/dev/null", "-w", "%{http_code}", ...options, `http://${server.address}/metrics`];
  return (await execa("curl", words)).stdout;
}

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

/** What Prometheus answers to a query. */
async function query(expression: string): Promise<Sample[]> {
  const address = `http://127.0.0.1:${PROMETHEUS}/api/v1/query`;
  const answer = JSON.parse(await server.exec(`curl -fsS --data-urlencode query@- ${address}`, expression));
  return answer.data.result;
}

/** Starts Prometheus on the server, as a team might. */
async function startPrometheus(config: string): Promise<void> {
  await server.exec("mkdir -p /tmp/prometheus && cat >/tmp/prometheus/config.yml", config);
  await server.exec(
    `systemd-run --unit=test-prometheus /usr/local/bin/prometheus --config.file=/tmp/prometheus/config.yml --storage.tsdb.path=/tmp/prometheus/data --web.listen-address=127.0.0.1:${PROMETHEUS}`,
  );
}

test("there are none without a setting", async () => {
  expect(
    await server.exec("ls -d /var/lib/berth-metrics /etc/systemd/system/berth-metrics-* 2>/dev/null || true"),
  ).toBe("");
  expect(await server.docker("ps", "--quiet", "--filter", "label=berth.service=metrics")).toBe("");
  // The path is that of the application.
  expect(await statusOnSite()).toBe("200");
});

test("wrong settings are refused in the plan", async () => {
  await set("metricsPort", "70000");
  await set("metricsScraper", "two words");
  const wrong = await project.berth("plan");
  expect(wrong.failed).toBe(true);
  expect(wrong.output).toMatch(/metricsPort .*must be a whole number/);
  expect(wrong.output).toMatch(/metricsScraper .*must be a name/);
  await set("metricsPort", String(PORT));
  await project.pulumi("config", "rm", "metricsScraper");
  await project.pulumi("config", "set", "--path", "metricsScraperAddresses[0]", "192.0.2.7");
  const lonely = await project.berth("plan");
  expect(lonely.output).toContain("metricsScraperAddresses is set, but metricsScraper is missing");
  await project.pulumi("config", "rm", "metricsScraperAddresses");
});

test("with a port, a release without downtime adds an endpoint on the loopback address only", async () => {
  expect((await project.berth("plan")).output).toContain("No downtime, no data change.");
  await up();
  expect(await metrics()).toContain("berth_engine_up");
  await expect(execa("curl", ["-s", "--max-time", "5", `http://${server.address}:${PORT}/metrics`])).rejects.toThrow();
  expect((await project.berth("plan")).output).toContain("Nothing to do");
  expect((await project.berth("drift")).exitCode).toBe(0);
});

test("Prometheus reads every kind of metrics", async () => {
  await project.berth("backup");
  await project.berth("restore-drill");
  for (let visit = 0; visit < 20; visit++) await execa("curl", ["-s", `http://${server.address}/`]);
  await startPrometheus(`
scrape_configs:
  - job_name: shop
    scrape_interval: 5s
    static_configs: [{ targets: ["127.0.0.1:${PORT}"] }]
`);
  const kinds = {
    up: "up == 1",
    server: "node_memory_MemAvailable_bytes > 0",
    disk: 'node_filesystem_avail_bytes{mountpoint="/"} > 0 or node_filesystem_avail_bytes > 0',
    network: 'node_network_receive_bytes_total{device="eth0"} > 0',
    containers: 'berth_container_up{service="app"} == 1',
    health: 'berth_container_healthy{service="postgres"} == 1',
    processor: 'berth_container_cpu_seconds_total{service="postgres"} > 0',
    memory: 'berth_container_memory_used_bytes{service="postgres"} > 1e6',
    requests: 'berth_http_requests_total{status="200"} >= 20',
    latency: "histogram_quantile(0.9, berth_http_request_duration_seconds_bucket) >= 0",
    postgres: 'pg_up == 1 and on() pg_stat_database_xact_commit{datname="app"} > 0',
    redis: "redis_up == 1",
    backups: "time() - berth_backup_last_success_timestamp_seconds < 3600",
    restores: "time() - berth_backup_last_proven_restore_timestamp_seconds < 3600",
    jobs: 'berth_job_last_exit_code{job_name="minutely"} == 3',
    freshness: 'time() - node_textfile_mtime_seconds{file=~".*containers.prom"} < 90',
  };
  for (const [kind, expression] of Object.entries(kinds)) {
    await eventually(240, async () => expect(await query(expression), kind).not.toEqual([]));
  }
});

test("requests are counted once each, by site and status, also over a release", async () => {
  const counted = async () => {
    const found = (await metrics()).match(/^berth_http_requests_total\{.*status="404"\} (\d+)$/m);
    return Number(found?.[1] ?? 0);
  };
  project.edit("app/server.mjs", (source) =>
    source.replace(
      /\(_?request, response\) => \{/,
      '(request, response) => {\n  if (request.url === "/missing") return response.writeHead(404).end();',
    ),
  );
  await up();
  const before = await counted();
  for (let visit = 0; visit < 7; visit++) await execa("curl", ["-s", `http://${server.address}/missing`]);
  await eventually(90, async () => expect(await counted()).toBe(before + 7));
  // Another run of the collection does not count them again.
  await server.exec(
    "systemctl start $(systemctl list-unit-files --plain --no-legend 'berth-metrics-*-collect.service' | cut -d' ' -f1)",
  );
  expect(await counted()).toBe(before + 7);
});

test("promtool finds no mistake in the format, and none in the metrics of Berth", async () => {
  const { all, exitCode } = await execa(`${PROGRAMS}/promtool`, ["check", "metrics"], {
    input: `${await metrics()}\n`,
    all: true,
    reject: false,
  });
  // 3: the names of other exporters do not all follow the conventions. 1 is a mistake of the format.
  expect([0, 3], all).toContain(exitCode);
  expect(all.split("\n").filter((line) => line.startsWith("berth_"))).toEqual([]);
});

test("no container has the engine's socket, root or a secret in its environment", async () => {
  const ids = (await server.docker("ps", "--quiet", "--filter", "label=berth.service")).split("\n");
  const inspected = JSON.parse(await server.docker("inspect", ...ids));
  const ours = inspected.filter(({ Config }: { Config: { Labels: Record<string, string> } }) =>
    Config.Labels["berth.service"]?.startsWith("metrics"),
  );
  expect(ours).toHaveLength(3);
  for (const { Config, Mounts, HostConfig } of ours) {
    expect(Config.User).toMatch(/^(101|65534):/);
    expect(HostConfig.ReadonlyRootfs).toBe(true);
    expect(JSON.stringify(Mounts)).not.toContain("docker.sock");
    expect(Config.Env.join("\n")).not.toMatch(/PASS(WORD)?=/);
  }
  expect(await server.exec("ps -o user= -C node_exporter")).toMatch(/^nobody\s*$/);
});

test("a data store or an exporter that is gone takes only its own metrics along", async () => {
  const [redis = ""] = (await server.docker("ps", "--quiet", "--filter", "label=berth.service=metrics-redis")).split(
    "\n",
  );
  await server.docker("stop", redis);
  await eventually(30, async () => {
    const text = await metrics();
    expect(text).not.toContain("redis_up");
    expect(text).toContain("pg_up 1");
    expect(text).toContain("berth_engine_up");
  });
  await server.docker("start", redis);
  await eventually(60, async () => expect(await metrics()).toContain("redis_up 1"));
});

test("a named scraper reads them through the site, and nobody else", async () => {
  await set("metricsScraper", "prometheus");
  await up();
  password = (await project.pulumi("stack", "output", "metricsPassword", "--show-secrets")).output.trim();
  expect(password).toMatch(/^[A-Za-z0-9]{50}$/);
  expect(project.state()).not.toContain(password);
  expect(await statusOnSite()).toBe("401");
  expect(await statusOnSite("--user", "prometheus:wrong")).toBe("401");
  expect(await statusOnSite("--user", `prometheus:${password}`)).toBe("200");
  const { stdout } = await execa("curl", [
    "-s",
    "--user",
    `prometheus:${password}`,
    `http://${server.address}/metrics`,
  ]);
  expect(stdout).toContain("berth_engine_up");
});

test("a scraper at another address is refused", async () => {
  await project.pulumi("config", "set", "--path", "metricsScraperAddresses[0]", "192.0.2.7");
  await up();
  expect(await statusOnSite("--user", `prometheus:${password}`)).toBe("403");
  await project.pulumi("config", "set", "--path", "metricsScraperAddresses[0]", await bridgeAddress());
  await up();
  expect(await statusOnSite("--user", `prometheus:${password}`)).toBe("200");
});

test("they survive a reboot", async () => {
  await server.reboot();
  await eventually(180, async () => {
    const text = await metrics();
    for (const name of ["node_load1", "berth_container_up", "pg_up 1", "redis_up 1"]) expect(text).toContain(name);
  });
});

test("the processor time of a day is small", async () => {
  const measured = await server.exec("sh -c 'sh /var/lib/berth-metrics/*/collect.sh; times'");
  // The last line has the time of its processes: 0m0.21s 0m0.10s.
  const [user = Number.NaN, system = Number.NaN] = (measured.trim().split("\n").at(-1) ?? "")
    .split(" ")
    .map((text) => Number(/m([\d.]+)s/.exec(text)?.[1]));
  console.log(
    `The metrics take ${(user + system).toFixed(2)} s of processor time a run, ${Math.round((user + system) * 2880)} s a day.`,
  );
  expect(user + system).toBeLessThan(2);
});

test("without the settings nothing of them is left", async () => {
  await set("metricsPort", "0");
  for (const name of ["metricsScraper", "metricsScraperAddresses"]) await project.pulumi("config", "rm", name);
  await up();
  expect(
    await server.exec("ls -d /var/lib/berth-metrics /etc/systemd/system/berth-metrics-* 2>/dev/null || true"),
  ).toBe("");
  expect(await server.docker("ps", "--all", "--format", "{{.Names}}")).not.toContain("metrics");
  const postgres = (await server.docker("ps", "--quiet", "--filter", "label=berth.service=postgres")).trim();
  const roles = `psql -U postgres -d app -Atc "SELECT count(*) FROM pg_roles WHERE rolname = 'app_metrics'"`;
  expect((await server.docker("exec", postgres, "sh", "-c", roles)).trim()).toBe("0");
  const redis = (await server.docker("ps", "--quiet", "--filter", "label=berth.service=redis")).trim();
  expect(await server.docker("exec", redis, "grep", "-c", "app_metrics", "/data/users.acl").catch(() => "0")).toBe("0");
  expect(await statusOnSite()).toBe("200");
});
