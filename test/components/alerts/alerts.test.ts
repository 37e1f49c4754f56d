import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as berth from "../../../components";
import { watchScript } from "../../../components/alerts/watch-script";
import { withoutComments } from "../../../components/model/without-comments";
import { standardSettings } from "../../../components/settings/standard";
import { collecting, found, type Registered } from "../../support/mocks";
import { defaultSettings } from "../../support/project";

const SERVER = { serverHost: "mail.example.org", serverHostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA root@mail" };
const TARGETS = "ntfy https://ntfy.sh/secret-topic";

beforeEach(() => {
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", JSON.stringify(["mailtracker:alertsTo"]));
});
afterEach(() => vi.unstubAllEnvs());

async function deployed(config: Record<string, string>): Promise<Registered[]> {
  const standard = Object.keys(standardSettings);
  const defaults = Object.entries(defaultSettings()).filter(([name]) => standard.includes(name));
  const registered = await collecting({ ...Object.fromEntries(defaults), ...config });
  await pulumi.runtime.runInPulumiStack(async () => {
    berth.stack({ settings: {} }, (stack) => {
      const networks = [new berth.Network("front", { stack })] as const;
      new berth.Worker("worker", { networks, image: "worker:1", files: { "/run/secrets/key": "value" } });
      return { url: pulumi.output("https://mail.example.org") };
    });
    return {};
  });
  await vi.waitFor(() => found(registered, "release-swept"), { timeout: 20_000 });
  return registered;
}

describe("a stack with targets on a server", () => {
  test("has the watch, whose targets are in a secret input only", async () => {
    const registered = await deployed({ ...SERVER, alertsTo: TARGETS });
    await vi.waitFor(() => found(registered, "alerts-expected"), { timeout: 20_000 });
    const { inputs, secrets } = found(registered, "alerts-watch");
    expect(secrets).toContain("stdin");
    const [targets = "", ...script] = String(inputs["stdin"]).split("\n");
    expect(Buffer.from(targets, "base64").toString()).toBe(`${TARGETS}\n`);
    expect(script.join("\n")).toMatch(
      /^#!\/bin\/sh\nproject=mailtracker\nstack=test\nURL=https:\/\/mail\.example\.org$/m,
    );
    expect(JSON.stringify({ ...inputs, stdin: "" })).not.toContain("secret-topic");
    expect(inputs["triggers"], "its replacement would remove the new one").toBeUndefined();
    expect(inputs["delete"]).toBeDefined();
  });

  test("tells the watch which containers and files the release has", async () => {
    const registered = await deployed({ ...SERVER, alertsTo: TARGETS });
    await vi.waitFor(() => found(registered, "alerts-expected"), { timeout: 20_000 });
    const { inputs } = found(registered, "alerts-expected");
    expect(inputs["triggers"]).toEqual(["worker-1-id"]);
    const { RUN } = inputs["environment"] as { RUN: string };
    // Login shells read it alike, as control characters stand for quotes.
    expect(RUN.replaceAll("\x1c", "'")).toContain("sh /var/lib/berth mailtracker-test 'worker-1-id /run/secrets/key'");
  });
});

test.each([
  ["without targets", { ...SERVER }],
  ["on this machine", { alertsTo: TARGETS }],
])("a stack %s has no watch", async (_, config) => {
  const registered = await deployed(config);
  expect(registered.filter(({ name }) => name.startsWith("alerts"))).toEqual([]);
});

const THRESHOLDS = {
  afterMinutes: 5,
  reminderHours: 12,
  releases: false,
  outside: false,
  diskPercent: 20,
  memoryPercent: 6,
  certificateDays: 7,
  restarts: 4,
  updateDays: 2,
};
const SCRIPT = watchScript({
  project: "shop",
  stack: "prod",
  url: "",
  trusted: true,
  swarm: false,
  thresholds: THRESHOLDS,
});

test("the watch takes its thresholds from the settings", () => {
  const variables = SCRIPT.split("\n").filter((line) => /^[A-Z_]+=[\w]+$/.test(line));
  expect(variables.slice(0, 11)).toEqual([
    "VERIFY=true",
    "SWARM=false",
    "AFTER=300",
    "REMINDER=43200",
    "RELEASES=false",
    "OUTSIDE=false",
    "DISK_PERCENT=20",
    "MEMORY_PERCENT=6",
    "CERTIFICATE_DAYS=7",
    "RESTARTS=4",
    "UPDATE_DAYS=2",
  ]);
});

test("berth status and the watch observe a stack with the same functions", () => {
  expect(SCRIPT).toContain(withoutComments(readFileSync("components/remote/scripts/facts.sh", "utf8")));
});
