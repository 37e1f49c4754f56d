import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import * as berth from "../../../components";
import { metricsProblems } from "../../../components/metrics/metrics";
import { standardSettings } from "../../../components/settings/standard";
import { collecting, containersAmong, found, type Registered } from "../../support/mocks";
import { defaultSettings } from "../../support/project";

const SERVER = { serverHost: "mail.example.org", serverHostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA root@mail" };
const KEEPS = Object.keys({ ...standardSettings, ...berth.metricsSettings });

async function deployed(config: Record<string, string>): Promise<Registered[]> {
  const defaults = Object.entries(defaultSettings()).filter(([name]) => KEEPS.includes(name));
  const registered = await collecting({ ...Object.fromEntries(defaults), ...config });
  await pulumi.runtime.runInPulumiStack(async () => {
    berth.stack({ settings: berth.metricsSettings, check: berth.metricsProblems }, (stack) => {
      const networks = [new berth.Network("front", { stack })];
      const postgres = new berth.Postgres("postgres", { networks, database: "shop", user: "postgres" });
      const redis = new berth.Redis("redis", { networks });
      const measured = berth.metricsArgs(stack.config.values);
      const metrics = measured && new berth.Metrics("metrics", { ...measured, networks, postgres, redis });
      const app = new berth.WebService("app", { networks, image: "app:1", port: 3000, health: { command: ["true"] } });
      const edge = new berth.Edge("nginx", { networks, image: "nginx:alpine", upstreams: { app }, metrics });
      return { url: edge.url };
    });
    return {};
  });
  await vi.waitFor(() => found(registered, "release-swept"), { timeout: 20_000 });
  return registered;
}

test("a stack without the settings has no metrics", async () => {
  const registered = await deployed(SERVER);
  expect(registered.filter(({ name }) => name.includes("metrics"))).toEqual([]);
});

describe("a stack with a port", () => {
  test("has an endpoint on the loopback address, which gets the server's socket read-only", async () => {
    const registered = await deployed({ ...SERVER, metricsPort: "9464" });
    const { inputs } = found(containersAmong(registered), "metrics-1");
    expect(inputs["ports"]).toEqual([{ internal: 9180, external: 9464, ip: "127.0.0.1" }]);
    expect(inputs["mounts"]).toContainEqual({
      type: "bind",
      target: "/srv/server",
      source: "/var/lib/berth-metrics/mailtracker-test/socket",
      readOnly: true,
    });
    expect(inputs["user"]).toBe("101:101");
  });

  test("installs what measures the server, and never replaces it", async () => {
    const { inputs } = found(await deployed({ ...SERVER, metricsPort: "9464" }), "metrics-server-installed");
    expect(String(inputs["stdin"])).toMatch(/^#!\/bin\/sh\nproject=mailtracker\nstack=test\n/);
    expect(inputs["triggers"], "its replacement would remove the new one").toBeUndefined();
    expect(inputs["delete"]).toBeDefined();
  });

  test("has exporters whose passwords are in no variable, and whose logins are removed with them", async () => {
    const registered = await deployed({ ...SERVER, metricsPort: "9464" });
    for (const store of ["postgres", "redis"]) {
      const { inputs } = found(containersAmong(registered), `metrics-${store}-1`);
      expect(JSON.stringify(inputs)).not.toContain(`generated-${store}-metrics-password`);
      expect(inputs["user"]).toBe("65534:65534");
      const login = found(registered, `${store}-metrics-login`);
      expect(login.secrets).toContain("stdin");
      expect(login.inputs["delete"]).toBeDefined();
      expect(login.inputs["triggers"]).toBeUndefined();
    }
    expect(String(found(registered, "postgres-metrics-login").inputs["stdin"])).toContain(
      'GRANT pg_monitor TO "shop_metrics"',
    );
    expect(String(found(registered, "redis-metrics-login").inputs["stdin"])).toMatch(
      /^ACL SETUSER app_metrics reset on ">[^"]+" \+ping \+info /,
    );
  });
});

test("on this machine's engine, only PostgreSQL and Redis are measured", async () => {
  const registered = await deployed({ metricsPort: "9464" });
  expect(registered.filter(({ name }) => name.startsWith("metrics-server"))).toEqual([]);
  expect(containersAmong(registered).map(({ name }) => name)).toContain("metrics-postgres-1");
});

test("a scraper without a port has the endpoint behind the site only", async () => {
  const registered = await deployed({
    ...SERVER,
    metricsScraper: "prometheus",
    metricsScraperAddresses: '["192.0.2.7"]',
  });
  expect(found(containersAmong(registered), "metrics-1").inputs["ports"]).toBeUndefined();
  expect(registered.map(({ name }) => name)).toContain("metrics-scraper-password-v1");
});

test("wrong arguments are refused, each with what is wrong", () => {
  expect(metricsProblems({})).toEqual([expect.stringContaining("nobody can read the metrics")]);
  expect(metricsProblems({ scraper: { name: "a:b", addresses: ["somewhere"] } })).toEqual([
    'scraper: the name "a:b" can contain only letters, digits and . _ -.',
    'scraper: "somewhere" is not an address or network such as 192.0.2.7 or 10.0.0.0/8.',
  ]);
  expect(metricsProblems({ loopbackPort: 9464, scraper: { name: "prometheus", addresses: ["10.0.0.0/8"] } })).toEqual(
    [],
  );
});
