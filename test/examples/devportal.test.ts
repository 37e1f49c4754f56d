import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { nginxConfFrom } from "../../components/edge/nginx-conf";
import { standardSettings } from "../../components/settings/standard";
import { validate } from "../../components/settings/validate";
import { ownSettings } from "../../examples/devportal/settings";

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

const problems = (settings: Record<string, string>) => validate(settings, new Set(), ownSettings).problems;

describe("DevPortal's settings", () => {
  test("are all declared with their defaults, and no others", () => {
    expect(Object.keys(defaults)).toEqual([...Object.keys(standardSettings), ...Object.keys(ownSettings.settings)]);
  });

  test.each(["dev", "prod"])("of %s are valid", (name) => {
    expect(problems(stack(name))).toEqual([]);
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
    expect(problems({ ...defaults, ...wrong, redisMaxMemoryMb: "500" })).toEqual([
      expect.stringContaining("liveReload reads the sources on this machine"),
      expect.stringContaining("liveReload is for one replica"),
      expect.stringContaining("redisMaxMemoryMb leaves Redis no memory"),
    ]);
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
