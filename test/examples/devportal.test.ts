import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { nginxConfFrom } from "../../components/edge/nginx-conf";
import { standardSettings } from "../../components/settings/standard";
import { validate } from "../../components/settings/validate";
import { ownSettings } from "../../examples/devportal/settings";
import { collecting, containersAmong, namesOf, type Registered } from "../support/mocks";

const FOLDER = "examples/devportal";

const declared = parse(readFileSync(`${FOLDER}/Pulumi.yaml`, "utf8")).config as Record<string, { default: unknown }>;
const defaults = Object.fromEntries(
  Object.entries(declared)
    .filter(([name]) => !name.includes(":"))
    .map(([name, { default: value }]) => [name, text(value)]),
);

/** A stack's settings as Pulumi passes them. */
function stack(name: string): Record<string, string> {
  const { config } = parse(readFileSync(`${FOLDER}/Pulumi.${name}.yaml`, "utf8")) as {
    config: Record<string, unknown>;
  };
  const own = Object.entries(config).map(([key, value]) => [key.replace("devportal:", ""), text(value)]);
  return { ...defaults, ...Object.fromEntries(own) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const devSettings = stack("dev");
const problems = (settings: Record<string, string>) => validate(settings, new Set(), ownSettings).problems;

describe("DevPortal's settings", () => {
  test("are all declared with their defaults, and no others", () => {
    expect(Object.keys(defaults)).toEqual([...Object.keys(standardSettings), ...Object.keys(ownSettings.settings)]);
  });

  test.each(["dev", "prod"])("of %s are valid", (name) => {
    expect(problems(stack(name))).toEqual([]);
  });

  test("of cluster are valid with the registry's password", () => {
    const settings = { ...stack("cluster"), registryPassword: "secret" };
    expect(validate(settings, new Set(["registryPassword"]), ownSettings).problems).toEqual([]);
  });

  test("F38: have connections for old and new containers of a release", () => {
    expect(problems({ ...defaults, replicas: "4" })).toEqual([]);
    expect(problems({ ...defaults, replicas: "5" })).toEqual([expect.stringContaining("need 100: twice app 5")]);
  });

  test("report all errors together", () => {
    const wrong = {
      liveReload: "true",
      serverHost: "portal.example.org",
      serverHostKey: "ssh-ed25519 AAAAC3Nz",
      replicas: "3",
    };
    expect(problems({ ...defaults, ...wrong, redisMaxMemoryMb: "500", appReservedMb: "256" })).toEqual([
      expect.stringContaining("liveReload reads the sources on this machine"),
      expect.stringContaining("liveReload is for one replica"),
      expect.stringContaining("redisMaxMemoryMb leaves Redis no memory"),
      expect.stringContaining("appReservedMb must be less than appMemoryMb"),
    ]);
  });
});

describe("the development stack of DevPortal", () => {
  const top = process.cwd();
  let registered: Registered[];

  beforeAll(async () => {
    process.chdir(FOLDER);
    registered = await collecting({ ...devSettings, quotaResetSchedule: "@monthly" }, { project: "devportal" });
    await pulumi.runtime.runInPulumiStack(async () => {
      await import("../../examples/devportal/index.js");
      return {};
    });
    // The release resource depends on all other resources.
    await vi.waitFor(() => expect(registered.map(({ name }) => name)).toContain("release-recorded"), 10_000);
  });
  afterAll(() => process.chdir(top));

  const container = (name: string) => containersAmong(registered).find((one) => one.name === name)?.inputs ?? {};

  test("has tools to inspect both stores", () => {
    expect(namesOf(containersAmong(registered))).toEqual([
      ...["adminer-1", "app-1", "backups", "migrate", "nginx", "nginx-sandbox"],
      ...["postgres", "redis", "redis-commander-1", "reset-quotas"],
    ]);
  });

  test("resets the quotas every month, in place of the image's entrypoint", () => {
    expect(container("reset-quotas")).toMatchObject({
      entrypoints: ["sh", "/opt/berth-cron/cron.sh"],
      command: ["keep", "python", "-m", "devportal", "reset-quotas"],
    });
    expect(container("reset-quotas")["envs"]).toContain("CRON_SCHEDULE=0 0 1 * *");
    expect(defaults["quotaResetSchedule"]).toBe("");
  });

  test("signs Adminer in as the application, with the password in a file", () => {
    expect(container("adminer-1")["envs"]).toContain("PHP_INI_SCAN_DIR=:/etc/adminer");
    const gate = registered.find(({ name }) => name === "adminer-1-healthy");
    const files = String(gate?.inputs["stdin"]).replaceAll(/\S{100,}/g, (text) =>
      Buffer.from(text, "base64").toString(),
    );
    expect(files).toContain('"password":"generated-postgres-password-v1","database":"devportal"');
    expect(files).toContain("auto_prepend_file = /etc/adminer/sign-in.php");
  });

  test("gives the administrator's first password to the migration job only", () => {
    const withPassword = containersAmong(registered).filter(({ inputs }) =>
      JSON.stringify(inputs["envs"]).includes("ADMIN_PASSWORD_FILE"),
    );
    expect(namesOf(withPassword)).toEqual(["migrate"]);
  });

  test("reserves memory for the application, and leaves the arguments of PostgreSQL and Redis as they were", () => {
    expect(container("app-1")["memoryReservation"]).toBe(128);
    for (const store of ["postgres", "redis"]) expect(container(store)).not.toHaveProperty("memoryReservation");
  });
});

describe("DevPortal's nginx.conf", () => {
  test.each(["production", "live-reload"])("matches the golden file for %s", async (kind) => {
    const live = kind === "live-reload";
    const rendered = nginxConfFrom(`${FOLDER}/nginx/nginx.conf`, {
      upstreams: { app: ["app-1-a:8000", "app-2-b:8000", "app-3-c:8000"] },
      ...(!live && {
        tls: { port: 443, chain: "/certificates/chain.pem", key: "/certificates/key.pem", renewed: true },
      }),
      maxBodySizeMb: 1,
      signInsPerMinute: 10,
      requestsPerSecond: 20,
      drainSeconds: 60,
      live,
    });
    expect(rendered).not.toMatch(/<%|%>|undefined/);
    await expect(rendered).toMatchFileSnapshot(`./golden/nginx-devportal-${kind}.conf`);
  });
});
