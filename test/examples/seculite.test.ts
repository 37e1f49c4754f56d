import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { nginxConfFrom } from "../../components/edge/nginx-conf";
import { asText } from "../../components/settings/setting";
import { standardSettings } from "../../components/settings/standard";
import { validate } from "../../components/settings/validate";
import { ownSettings } from "../../examples/seculite/settings";
import { type Asked, collecting, collectOptions, containersAmong, namesOf, type Registered } from "../support/mocks";
import { declaredSettings, defaultSettings } from "../support/project";

const top = process.cwd();
let registered: Registered[];
let asked: Asked[];

beforeAll(async () => {
  process.chdir("examples/seculite");
  const slow = ["postgres-healthy", "redis-healthy"];
  registered = await collecting({ ...defaultSettings(), workers: "2" }, { project: "seculite", slow });
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    await import("../../examples/seculite/index.js");
    return {};
  });
  // The release resource depends on all other resources.
  await vi.waitFor(() => expect(registered.map(({ name }) => name)).toContain("release-recorded"), 10_000);
});

afterAll(() => process.chdir(top));

const containers = () => containersAmong(registered);
/** The place of a resource in the order of creation. */
const at = (kind: string, name: string) => {
  const place = registered.findIndex((one) => one.name === name && one.type.endsWith(`:${kind}`));
  if (place < 0) throw new Error(`no ${kind} ${name}`);
  return place;
};

describe("the stack of SecuLite", () => {
  test("consists of these containers", () => {
    expect(namesOf(containers())).toEqual([
      "backend-1",
      "backups",
      "beat",
      "migrate",
      "nginx",
      "nginx-sandbox",
      "postgres",
      "redis",
      "worker-1",
      "worker-2",
    ]);
  });

  test("reaches the database and nginx by the plan's names too", () => {
    const aliasesOf = (wanted: string) =>
      containers()
        .filter(({ name }) => name === wanted)
        .flatMap(({ inputs }) => inputs["networksAdvanced"] as { aliases: string[] }[])
        .flatMap(({ aliases }) => aliases);
    expect(aliasesOf("postgres")).toEqual(["postgres", "db"]);
    expect(aliasesOf("nginx-sandbox")).toContain("nginx");
    for (const name of ["redis", "beat"]) expect(aliasesOf(name)).toContain(name);
    expect(aliasesOf("backend-1")).toContain("backend");
    expect(aliasesOf("worker-1")).toContain("worker");
  });

  test("has one beat, stopped before the next is created, after web and workers are healthy", () => {
    const oldFirst = asked.filter(({ type, opts }) => type.endsWith(":Container") && opts.deleteBeforeReplace);
    expect(oldFirst.map(({ name }) => name).sort()).toEqual(["beat", "nginx-sandbox", "postgres", "redis"]);
    for (const name of ["backend-1", "worker-1", "worker-2"]) {
      expect(at("Container", "beat")).toBeGreaterThan(at("Command", `${name}-healthy`));
    }
  });

  test("creates what uses PostgreSQL or Redis after both are healthy", () => {
    const healthy = Math.max(at("Command", "postgres-healthy"), at("Command", "redis-healthy"));
    expect(at("Container", "nginx-sandbox")).toBeLessThan(healthy);
    for (const name of ["migrate", "backend-1", "worker-1", "worker-2", "beat"]) {
      expect(at("Container", name), name).toBeGreaterThan(healthy);
    }
  });

  test("gives a worker a stop timeout longer than its task timeout", () => {
    const worker = containers().find(({ name }) => name === "worker-1")?.inputs;
    expect(worker).toMatchObject({ destroyGraceSeconds: 75 });
    expect(worker?.["envs"]).toEqual(expect.arrayContaining(["STOP_SECONDS=60", "REMAP_SIGTERM=SIGQUIT"]));
  });

  test("mounts media in the workers only, static files in web and the migration only, and nothing in beat", () => {
    const mounts = (name: string) => {
      const inputs = containers().find((one) => one.name === name)?.inputs ?? {};
      return ((inputs["mounts"] ?? []) as { target: string; source: string; readOnly?: boolean }[])
        .filter(({ source }) => source?.startsWith("seculite-"))
        .map(({ target, readOnly }) => `${target} ${readOnly ? "ro" : "rw"}`)
        .sort();
    };
    expect(mounts("backend-1")).toEqual(["/app/media rw", "/app/staticfiles_collected rw"]);
    expect(mounts("migrate")).toEqual(["/app/staticfiles_collected rw"]);
    expect(mounts("worker-1")).toEqual(["/app/media rw"]);
    expect(mounts("beat")).toEqual([]);
    expect(mounts("nginx")).toEqual(["/srv/maintenance ro", "/var/www/django_static ro", "/var/www/media ro"]);
  });

  test("migrates in its job only", () => {
    for (const name of ["backend-1", "worker-1", "beat"]) {
      expect(containers().find((one) => one.name === name)?.inputs["envs"], name).toContain("MIGRATE=false");
    }
  });

  test("has no secret in an environment or a command", () => {
    const generated = registered.filter(({ type }) => type === "random:index/randomPassword:RandomPassword");
    expect(generated.length).toBeGreaterThanOrEqual(4);
    for (const { name, inputs } of containers()) {
      const output = JSON.stringify([inputs["envs"], inputs["command"]]);
      for (const secret of generated) expect(output, name).not.toContain(`generated-${secret.name}`);
    }
  });

  test("keeps database and Redis off the edge's network", () => {
    const networks = (name: string) => {
      const inputs = containers().find((one) => one.name === name)?.inputs ?? {};
      return (inputs["networksAdvanced"] as { name: string }[]).map((network) => network.name.split("-a1b2c3d")[0]);
    };
    expect(networks("nginx-sandbox")).toEqual(["seculite_network"]);
    expect(networks("postgres")).toEqual(["data_network"]);
    expect(networks("redis")).toEqual(["data_network"]);
    const back = registered.find(({ name, type }) => name === "data_network" && type.startsWith("docker:"));
    expect(back?.inputs["internal"]).toBe(true);
  });
});

describe("its settings", () => {
  test("are all declared with a default and a description", () => {
    const declared = declaredSettings();
    expect(Object.keys(declared)).toEqual([...Object.keys(standardSettings), ...Object.keys(ownSettings.settings)]);
    for (const [name, { description }] of Object.entries(declared)) expect(description, name).toMatch(/\.$/);
  });

  test.each(["dev", "prod"])("are valid in the stack file of %s", (stack) => {
    const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
    const given = Object.entries(config).map(([name, value]) => [name.replace("seculite:", ""), asText(value)]);
    const { problems } = validate({ ...defaultSettings(), ...Object.fromEntries(given) }, new Set(), ownSettings);
    expect(problems).toEqual([]);
  });

  test.each([
    ["scanHosts", '["https://www.example.org"]', "must be hosts such as www.example.org"],
    ["scheduledScans", '["www.example.org"]', "must be addresses such as https://www.example.org/"],
    ["scheduledScans", '["https://www.example.org/"]', "but www.example.org may not be scanned (add it to scanHosts)"],
    ["scheduledScans", '["http://nginx-sandbox:8080/"]', "but nginx-sandbox:8080 may not be scanned"],
    ["scanCrontab", "daily", "must be five words such as 0 3 * * *"],
    ["workerQueues", '["default"]', "must include default and scans"],
    ["workerQueues", '["default","scans","a b"]', "must be names of queues"],
    ["logLevel", "loud", "must be debug, info, warning or error"],
    ["celeryBrokerUrl", "redis.example.org", "must be a URL such as rediss://"],
    ["liveReload", "true", "liveReload is for debug mode only"],
  ])("%s is rejected as %s", (name, value, reason) => {
    const { problems } = validate({ ...defaultSettings(), [name]: value }, new Set(), ownSettings);
    expect(problems.join("\n")).toContain(reason);
  });
});

test("a port of the backend is for one replica", () => {
  const problemsWith = (given: Record<string, string>) =>
    validate({ ...defaultSettings(), backendPort: "8001", ...given }, new Set(), ownSettings).problems;
  expect(problemsWith({})).toEqual([]);
  expect(problemsWith({ replicas: "2" }).join()).toContain("backendPort is for one replica");
});

test("a scheduled URL of an allowed host is valid, with the default port too", () => {
  const given = { scanHosts: '["intranet:8080","www.example.org"]' };
  const scheduledScans = '["http://intranet:8080/","https://WWW.example.org:443/a"]';
  const { problems } = validate({ ...defaultSettings(), ...given, scheduledScans }, new Set(), ownSettings);
  expect(problems).toEqual([]);
});

describe("its nginx.conf", () => {
  const variables = {
    upstreams: { backend: ["backend-1:8000"] },
    maxBodySizeMb: 1,
    signInsPerMinute: 10,
    drainSeconds: 60,
  };
  const tls = { port: 443, chain: "/run/secrets/tls/chain.pem", key: "/run/secrets/tls/key.pem", renewed: false };
  const vite = { ...variables.upstreams, vite: ["vite-1:5173"] };

  test.each([
    ["seculite", { ...variables, live: false, tls }],
    ["seculite-live-reload", { ...variables, live: true, upstreams: vite }],
  ])("matches the golden file for %s", async (name, given) => {
    const rendered = nginxConfFrom("./nginx/nginx.conf", given);
    expect(rendered).not.toMatch(/<%|%>|undefined/);
    await expect(rendered).toMatchFileSnapshot(`./golden/nginx-${name}.conf`);
  });
});
