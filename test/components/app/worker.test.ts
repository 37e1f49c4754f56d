import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Asked, collecting, collectOptions, type Registered } from "../../support/mocks";

let registered: Registered[];
let asked: Asked[];
let refused: unknown;

beforeAll(async () => {
  registered = await collecting();
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    const { Job, Network, stack, Worker } = await import("../../../components/index.js");
    stack({ settings: {} }, (stack) => {
      const networks = [new Network("network", { stack })];
      const migrate = new Job("migrate", { networks, image: "app:1" });
      const health = { command: ["/app/alive.sh"] };
      const worker = { networks, image: "app:1", command: ["work"], stopGrace: 75 };
      new Worker("worker", { ...worker, health, replicas: 2, after: migrate });
      new Worker("beat", { ...worker, health, single: true, after: migrate });
      new Worker("plain", worker);
      try {
        new Worker("twice", { ...worker, single: true, replicas: 2 });
      } catch (error) {
        refused = error;
      }
    });
    return {};
  });
  await vi.waitFor(() => ["worker-1", "worker-2", "beat", "plain-1"].map(gate), { timeout: 20_000 });
});

const one = (kind: string, name: string) => {
  const found = registered.find((resource) => resource.type.endsWith(`:${kind}`) && resource.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};
const at = (kind: string, name: string) => registered.indexOf(one(kind, name));
const oldFirst = (name: string) =>
  asked.find((resource) => resource.type.endsWith(":Container") && resource.name === name)?.opts.deleteBeforeReplace;
const labels = (name: string) =>
  (one("Container", name).inputs["labels"] as { label: string }[]).map(({ label }) => label);
const gate = (name: string) => JSON.stringify(one("Command", `${name}-healthy`).inputs);

describe("a worker", () => {
  test("is created before the old one is deleted, with all replicas and the stop timeout", () => {
    for (const name of ["worker-1", "worker-2"]) {
      expect(oldFirst(name)).toBe(false);
      expect(one("Container", name).inputs).toMatchObject({ destroyGraceSeconds: 75, command: ["work"] });
    }
  });

  test("is created during the migration and started after it", () => {
    expect(at("Container", "worker-1")).toBeLessThan(at("Command", "migrate-completed"));
    expect(at("Command", "worker-1-healthy")).toBeGreaterThan(at("Command", "migrate-completed"));
  });

  test("counts as a background service, so a plan reports no downtime for it", () => {
    for (const name of ["worker-1", "beat", "plain-1"]) expect(labels(name)).toContain("berth.background");
  });

  test("publishes no port", () => {
    expect(one("Container", "worker-1").inputs["ports"]).toBeUndefined();
  });

  test("must stay running without a health check, and must become healthy with one", () => {
    expect(gate("plain-1")).toMatch(/ 100 120 stop"/);
    expect(gate("worker-1")).toMatch(/ 100 120 stop \/app\/alive.sh"/);
  });
});

describe("a single-instance worker", () => {
  test("is created after the old one is deleted, and not before its turn", () => {
    expect(oldFirst("beat")).toBe(true);
    expect(labels("beat")).toContain("berth.single");
    expect(at("Container", "beat")).toBeGreaterThan(at("Command", "migrate-completed"));
  });

  test("is restarted when it fails, since there is no other instance", () => {
    expect(gate("beat")).toMatch(/ 120 keep \/app\/alive.sh"/);
  });

  test("has no replicas", () => {
    expect(String(refused)).toContain("Worker twice: a single worker cannot have 2 replicas");
  });
});
