import { expect, test } from "vitest";
import { parseObserved } from "../../../../components/cli/status/observed.mts";
import { statusOf } from "../../../../components/cli/status/status.mts";
import { asText } from "../../../../components/cli/status/text.mts";

const NOW = new Date("2026-11-22T00:00:00Z");
const DAY = 86_400_000;

interface Runs {
  status?: string;
  code?: number;
  outOfMemory?: boolean;
  policy?: string;
  health?: string;
  restarts?: number;
  started?: string;
  finished?: string;
  image?: string;
  labels?: Record<string, string>;
}

/** A line of status.sh about a container. */
function container(service: string, name: string, runs: Runs = {}): string {
  const { status = "running", code = 0, outOfMemory = false, policy = "always", health, restarts = 0 } = runs;
  const { started = "2026-11-21T07:21:03Z", finished = "0001-01-01T00:00:00Z", image = "nginx:a1", labels = {} } = runs;
  const inspected = {
    Id: `id-${name}`,
    Name: `/mailtracker-prod-${name}`,
    Image: "sha256:a1",
    RestartCount: restarts,
    State: {
      Status: status,
      ExitCode: code,
      OOMKilled: outOfMemory,
      StartedAt: started,
      FinishedAt: finished,
      ...(health && { Health: { Status: health, Log: [{ Output: "it said no\n" }, { Output: "" }] } }),
    },
    Config: { Image: image, Labels: { "berth.service": service, ...labels } },
    HostConfig: { Memory: 134_217_728, RestartPolicy: { Name: policy } },
    Mounts: [],
    NetworkSettings: { Networks: {} },
  };
  return `container ${JSON.stringify(inspected)}`;
}

interface Engine {
  containers?: string[];
  /** Output of curl in nginx's container. */
  answer?: string;
  /** Names of the expected containers, by default the existing ones. */
  expected?: string[];
  /** Names of the containers pending deletion. */
  leaving?: string[];
  more?: string[];
}

const NGINX = container("nginx", "nginx-1", { health: "healthy" });
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** The status of a stack whose server prints these lines. */
function status({ containers = [NGINX], answer = "{}\n=200=\n", expected, leaving = [], more = [] }: Engine) {
  const lines = [`clock ${NOW.getTime() / 1000}`, ...containers, `site /alive ${base64(answer)}`, ...more];
  const observed = parseObserved(lines.join("\n"));
  const url = "https://mail.example.org";
  const names = expected ?? observed.containers.map(({ Name }) => Name.slice(1));
  const judged = statusOf(
    { project: "mailtracker", stack: "prod", url, release: "", containers: names, leaving },
    observed,
  );
  return { ...judged, text: asText(judged) };
}

const certificate = (days: number) =>
  `{}\n=200=\nIssuer: CN = Somebody\nExpire date:${new Date(NOW.getTime() + days * DAY + 60_000).toUTCString().slice(5)}\n`;

test("a healthy stack is shown without problems", () => {
  const { healthy, problems, text } = status({
    answer: certificate(40),
    more: ["memory id-nginx-1 3145729", "volume mailtracker-prod-data 2049", "volume mailtracker-prod-odd unknown"],
  });
  expect(text).toMatch(/^nginx +nginx-1 +nginx:a1 +running +2026-11-21 07:21 +healthy +0 +4 of 128 MiB$/m);
  expect(text).toMatch(/^Certificate: until 2027-01-01 00:01, 40 days, issued by CN = Somebody$/m);
  expect(text).toMatch(/^data +3 MiB$/m);
  expect(text).toMatch(/^odd +\?$/m);
  expect(text).not.toContain("Not well");
  expect({ healthy, problems }).toEqual({ healthy: true, problems: [] });
});

test("a certificate from files is a problem 14 days before it expires", () => {
  expect(status({ answer: certificate(14) }).problems).toEqual([]);
  expect(status({ answer: certificate(13) }).problems).toEqual([expect.stringContaining("ends in 13 days")]);
  expect(status({ answer: certificate(-2) }).problems).toEqual([expect.stringContaining("has expired")]);
});

test("a managed certificate is a problem only when it has expired", () => {
  const containers = [NGINX, container("certificate", "certificate-1")];
  expect(status({ answer: certificate(3), containers }).problems).toEqual([]);
  expect(status({ answer: certificate(-2), containers }).healthy).toBe(false);
});

test("a stopped, OOM-killed, never started or unhealthy container is a problem", () => {
  const ended = { status: "exited", finished: "2026-11-21T07:22:03Z" };
  const { text, problems } = status({
    containers: [
      container("job", "job", { ...ended, policy: "no" }),
      container("one", "one", { ...ended, code: 137, outOfMemory: true, restarts: 3 }),
      container("two", "two", { status: "created", started: "0001-01-01T00:00:00Z" }),
      container("wrong", "wrong", { health: "unhealthy" }),
    ],
  });
  expect(text).toMatch(/^one .* ended \(137, out of memory\) +2026-11-21 07:22 +3$/m);
  expect(text).toMatch(/^job .* ended \(0\) +2026-11-21 07:22 +0$/m);
  expect(problems).toEqual([
    "one does not run. Its log says why: npx berth logs one --stack prod",
    "two does not run. Its log says why: npx berth logs two --stack prod",
    'wrong is unhealthy: "it said no"',
  ]);
});

test.each([
  ["postgres:16-alpine", "postgres:16-alpine"],
  [`docker.io/library/postgres:16-alpine@sha256:${"0a".repeat(32)}`, "postgres:16-alpine"],
  [`registry.example.org:5000/shop/backend@sha256:${"0a".repeat(32)}`, "backend@sha256:0a0a0a0a0a0a"],
])("the image %s is shown as %s", (image, shown) => {
  expect(status({ containers: [container("one", "one", { image })] }).text).toMatch(
    new RegExp(`^one .*[ ]${shown.replaceAll(".", "\\.")} +running`, "m"),
  );
});

test("a scheduled job whose last run failed is a problem, with the reason", () => {
  const job = container("digest", "digest", { health: "unhealthy", labels: { "berth.cron": "@daily UTC" } });
  expect(status({ containers: [NGINX, job] }).problems).toEqual(['digest is unhealthy: "it said no"']);
});

test("a container that a release left to complete the run of a scheduled job is shown, and no problem", () => {
  const left = { policy: "no", labels: { "berth.cron": "@daily UTC" } };
  const containers = [NGINX, container("digest", "digest-1", left)];
  for (const one of [containers, [NGINX, container("digest", "digest-1", { ...left, status: "exited", code: 137 })]]) {
    const { problems, text } = status({ containers: one, expected: ["mailtracker-prod-nginx-1"] });
    expect(problems).toEqual([]);
    expect(text).toContain("digest-1");
  }
});

test("a missing or unknown container is a problem, but one pending deletion is not", () => {
  const [ours, other] = ["mailtracker-prod-nginx-1", "mailtracker-prod-nginx-2"];
  const missing = ["nginx-2 is missing: it was removed without Pulumi."];
  expect(status({ expected: [ours, other] }).problems).toEqual(missing);
  expect(status({ expected: [other], leaving: [ours] }).problems).toEqual(missing);
  expect(status({ expected: [] }).problems).toEqual([expect.stringContaining("nginx-1 is not known to Pulumi.")]);
});

test("a site's unexpected response is quoted", () => {
  expect(status({ answer: '{ "detail": "Not now." }\n\n=502=\n' }).problems).toEqual([
    'The site does not answer /alive as it should: 502 { "detail": "Not now." }',
  ]);
  expect(status({ answer: "\n=302=\n" }).problems).toEqual([]);
  expect(status({ answer: "\n=000=\n" }).problems[0]).toContain("nothing");
});

test("a site behind the front door needs it, with a route", () => {
  expect(status({ more: ["door running www.example.org example.org "] }).problems).toEqual([]);
  expect(status({ more: ["door running "] }).problems).toEqual([expect.stringContaining("no route to the site")]);
  expect(status({ more: ["door missing"] }).problems).toEqual([expect.stringContaining("does not run")]);
});

test("the release reported by the site is compared with the last deployed one", () => {
  expect(status({ answer: '{"release": "abc"}\n=200=\n' }).text).toMatch(/^Release: +abc \(deployed last: none\)$/m);
});

test("a nearly full disk is a problem", () => {
  const full = status({ more: ["disk 1000000 100000000"] });
  expect(full.problems).toEqual(["The disk is nearly full. docs/operations.md says how to free space."]);
  expect(status({ more: ["disk 50000000 100000000"] })).toMatchObject({ healthy: true, disk: { free: 47.7 } });
});

test("the backups' state is shown, with their problems in one line", () => {
  const output = "Last good backup: today\n\nNot well:\n  The copy failed.\n  It is old.\n";
  const { backups, problems } = status({ more: [`backups 1 ${base64(output)}`] });
  expect(backups).toBe("Last good backup: today");
  expect(problems).toEqual(["The copy failed. It is old."]);
  expect(status({ more: [`backups 0 ${base64("Last good backup: today")}`] }).healthy).toBe(true);
});

test("maintenance is shown, and is no problem", () => {
  const described = { since: "2026-11-21T18:00:00.000Z", by: "ada", message: "Back soon", retryAfter: 600, allow: [] };
  const line = (more: object) => `maintenance ${base64(JSON.stringify({ ...described, ...more }))}`;
  const { healthy, maintenance, text } = status({ more: [line({ allow: ["192.0.2.7"] })] });
  expect(healthy).toBe(true);
  expect(maintenance).toEqual({ ...described, allow: ["192.0.2.7"] });
  expect(text).toContain("MAINTENANCE: visitors get 503, except 192.0.2.7, since 2026-11-21 18:00 by ada: Back soon");
  expect(status({}).maintenance).toBeNull();
  expect(status({}).text).not.toContain("MAINTENANCE");
});

test("the containers of Swarm services are shown while they run, and are not unknown to Pulumi", () => {
  const labels = { "com.docker.swarm.task.id": "t1" };
  const { text, problems } = status({
    containers: [
      NGINX,
      container("web", "web.1.t1", { labels, policy: "" }),
      container("web", "web.1.t0", { labels, policy: "", status: "exited", code: 1 }),
    ],
    expected: ["mailtracker-prod-nginx-1"],
  });
  expect(text).toMatch(/^web +web\.1\.t1 +nginx:a1 +running/m);
  expect(text).not.toContain("web.1.t0");
  expect(problems).toEqual([]);
});
