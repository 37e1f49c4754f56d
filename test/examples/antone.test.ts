import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { nginxConfFrom } from "../../components/edge/nginx-conf";
import { asText } from "../../components/settings/setting";
import { standardSettings } from "../../components/settings/standard";
import { validate } from "../../components/settings/validate";
import { ownSettings, THIRD_PARTY_KEYS } from "../../examples/antone/settings";
import { collecting, containersAmong, namesOf, type Registered } from "../support/mocks";
import { declaredSettings, defaultSettings } from "../support/project";

const top = process.cwd();
const TOKEN = Buffer.from(JSON.stringify({ a: "account", t: "tunnel", s: "secret" })).toString("base64");
const TUNNEL = {
  tunnelToken: TOKEN,
  tunnelHostname: "antone.example.org",
  tunnelApiHostname: "api.antone.example.org",
};
/** Deploys to this machine's engine instead of a server. */
const LOCAL = { serverHost: "", serverHostKey: "", tls: "off" };
const keys = Object.fromEntries(THIRD_PARTY_KEYS.map((name) => [name, `the value of ${name}`]));
let registered: Registered[];

beforeAll(async () => {
  process.chdir("examples/antone");
  const secrets = ["tunnelToken", ...THIRD_PARTY_KEYS].map((name) => `antone:${name}`);
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", JSON.stringify(secrets));
  const production = { ...stackSettings("prod"), ...LOCAL };
  registered = await collecting({ ...production, ...TUNNEL, ...keys }, { project: "antone" });
  await pulumi.runtime.runInPulumiStack(async () => {
    await import("../../examples/antone/index.js");
    return {};
  });
  // The release resource depends on all other resources.
  await vi.waitFor(() => expect(registered.map(({ name }) => name)).toContain("release-recorded"), 10_000);
});

afterAll(() => {
  vi.unstubAllEnvs();
  process.chdir(top);
});

/** A stack's settings as Pulumi passes them. */
function stackSettings(name: string): Record<string, string> {
  const { config } = parse(readFileSync(`Pulumi.${name}.yaml`, "utf8")) as { config: Record<string, unknown> };
  const given = Object.entries(config).map(([key, value]) => [key.replace("antone:", ""), asText(value)]);
  return { ...defaultSettings(), ...Object.fromEntries(given) };
}

const containers = () => containersAmong(registered);

/** The files a container gets before it starts, as its gate unpacks them. */
function filesOf(container: string): string {
  const gates = [`${container}-healthy`, `${container}-started`, `${container}-completed`];
  const gate = registered.find(({ type, name }) => type.endsWith(":Command") && gates.includes(name));
  if (!gate) throw new Error(`nothing starts ${container}`);
  return String(gate.inputs["stdin"]).replaceAll(/\S{100,}/g, (text) => Buffer.from(text, "base64").toString());
}

describe("the stack of Antone", () => {
  test("consists of these containers", () => {
    expect(namesOf(containers())).toEqual([
      "backend-api-1",
      "backend-api-2",
      "backend-worker-1",
      "backend-worker-2",
      "backups",
      "cloudflared",
      "dashboard-1",
      "dashboard-2",
      "migrate",
      "nginx",
      "nginx-sandbox",
      "postgres",
    ]);
  });

  test("takes production backups at 02:00 local time, and keeps seven daily and twelve monthly ones", () => {
    const envs = containers().find(({ name }) => name === "backups")?.inputs["envs"];
    expect(envs).toEqual(
      expect.arrayContaining(["BACKUP_TIME=0200", "TZ=Europe/Berlin", "KEEP_DAILY=7", "KEEP_MONTHLY=12"]),
    );
  });

  test("gives each third-party key only to the container that needs it", () => {
    const given = (container: string) => {
      const files = filesOf(container);
      return THIRD_PARTY_KEYS.filter((name) => files.includes(`the value of ${name}`));
    };
    expect(given("backend-api-1")).toEqual(["deepseekApiKey"]);
    const others = THIRD_PARTY_KEYS.filter((name) => name !== "deepseekApiKey");
    for (const worker of ["backend-worker-1", "backend-worker-2"]) expect(given(worker)).toEqual(others);
    for (const other of ["migrate", "dashboard-1", "nginx", "postgres", "cloudflared"]) {
      expect(given(other), other).toEqual([]);
    }
    expect(filesOf("cloudflared")).toContain(TOKEN);
    expect(filesOf("backend-worker-1")).toContain("threads-access-token");
  });

  test("publishes no port in production except the site's", () => {
    const published = containers().filter(({ inputs }) => inputs["ports"] !== undefined);
    expect(published.map(({ name }) => name)).toEqual(["nginx-sandbox"]);
  });

  test("has no secret in an environment or a command", () => {
    const generated = registered.filter(({ type }) => type === "random:index/randomPassword:RandomPassword");
    expect(generated.length).toBeGreaterThanOrEqual(3);
    const secrets = [...generated.map(({ name }) => `generated-${name}`), ...Object.values(keys), TOKEN];
    for (const { name, inputs } of containers()) {
      const output = JSON.stringify([inputs["envs"], inputs["command"]]);
      for (const secret of secrets) expect(output, name).not.toContain(secret);
    }
  });
});

describe("its settings", () => {
  test("are all declared with a default and a description", () => {
    const declared = declaredSettings();
    expect(Object.keys(declared)).toEqual([...Object.keys(standardSettings), ...Object.keys(ownSettings.settings)]);
    for (const [name, { description }] of Object.entries(declared)) expect(description, name).toMatch(/\.$/);
  });

  test.each(["dev", "prod"])("are valid in the stack file of %s", (name) => {
    expect(validate(stackSettings(name), new Set(), ownSettings).problems).toEqual([]);
  });

  test("prepare off-site backups in the file of prod, which are complete with two secrets", () => {
    const text = readFileSync("Pulumi.prod.yaml", "utf8").replaceAll(/^ {2}# (antone:backupS3\w+: )/gm, "  $1");
    const { config } = parse(text) as { config: Record<string, unknown> };
    const prepared = Object.entries(config).map(([key, value]) => [key.replace("antone:", ""), asText(value)]);
    const secrets = { backupS3SecretAccessKey: "an application key", backupPassphrase: "a passphrase of its own" };
    const settings = { ...defaultSettings(), ...Object.fromEntries(prepared) };
    expect(settings).toMatchObject({ backupS3Bucket: "antone-backups" });
    expect(validate({ ...settings, ...secrets }, new Set(Object.keys(secrets)), ownSettings).problems).toEqual([]);
    expect(validate(settings, new Set(), ownSettings).problems.join()).toContain("backupPassphrase is missing");
  });

  test.each([
    [{ apiUrl: "https://api.antone.example.org/" }, "apiUrl must be an address such as https://api.antone.example.org"],
    [{ ...TUNNEL, tunnelToken: "t0ken" }, "tunnelToken must be what `cloudflared tunnel token <name>` prints"],
    [{ ...TUNNEL, tunnelHostname: "https://antone.example.org" }, "tunnelHostname must be a host name"],
    [
      { liveReload: "true", serverHost: "antone.intern", serverHostKey: "ssh-ed25519 AAAAC3Nz" },
      "liveReload reads the sources on this machine",
    ],
    [{ inspectorPort: "9229" }, "inspectorPort needs liveReload"],
    [{ apiPort: "3001", replicas: "2" }, "apiPort is for one replica"],
    [{ tunnelToken: TOKEN }, "tunnelHostname is missing, as tunnelToken is set"],
    [{ tunnelApiHostname: "api.antone.example.org" }, "tunnelToken is missing, as a tunnel's host name is set"],
    // F38
    [{ replicas: "3", workers: "2" }, "need 100: twice api 3 (replicas) × 10 + worker 2 (workers) × 10"],
    [{ threadsAccessToken: "t0ken" }, "threadsAccessToken is in plain text"],
  ])("%j is rejected: %s", (given, reason) => {
    const secret = "tunnelToken" in given ? ["tunnelToken"] : [];
    const { problems } = validate({ ...defaultSettings(), ...given }, new Set(secret), ownSettings);
    expect(problems).toEqual([expect.stringContaining(reason)]);
  });

  test("accept a tunnel with its token", () => {
    const { problems } = validate({ ...defaultSettings(), ...TUNNEL }, new Set(["tunnelToken"]), ownSettings);
    expect(problems).toEqual([]);
  });
});

describe("its nginx.conf", () => {
  const variables = {
    upstreams: { dashboard: ["dashboard-1:3000", "dashboard-2:3000"], api: ["backend-api-1:3001"] },
    apiUrl: "",
    maxBodySizeMb: 1,
    drainSeconds: 60,
  };
  const tls = { port: 443, chain: "/certificates/chain.pem", key: "/certificates/key.pem", renewed: true };

  test.each([
    ["antone", { ...variables, live: false, tls }],
    ["antone-api-elsewhere", { ...variables, live: false, apiUrl: "https://api.antone.example.org" }],
    ["antone-live-reload", { ...variables, live: true }],
  ])("matches the golden file for %s", async (name, given) => {
    const rendered = nginxConfFrom("./nginx/nginx.conf", given);
    expect(rendered).not.toMatch(/<%|%>|undefined/);
    await expect(rendered).toMatchFileSnapshot(`./golden/nginx-${name}.conf`);
  });
});
