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
    const { Cron, Network, stack } = await import("../../../components/index.js");
    stack({ settings: {} }, (stack) => {
      const networks = [new Network("network", { stack })];
      const app = { networks, image: "app:1", user: "10001:10001", command: ["python", "manage.py", "send_digest"] };
      new Cron("digest", {
        ...app,
        schedule: "0 7 * * mon-fri",
        timeZone: "Europe/Berlin",
        env: { LEVEL: "info" },
        files: { "/run/secrets/key": "secret" },
        tmpfs: ["/tmp"],
        timeout: 600,
      });
      new Cron("reset", { ...app, schedule: "@monthly", overlap: "replace", missed: "skip", onRelease: "leave" });
      try {
        new Cron("wrong", { ...app, command: [], schedule: "7:00", timeZone: "Berlin", timeout: 0 });
      } catch (error) {
        refused = error;
      }
    });
    return {};
  });
  await vi.waitFor(() => ["digest", "reset"].map((name) => one("Command", `${name}-retired`)), { timeout: 20_000 });
});

const one = (kind: string, name: string) => {
  const found = registered.find((resource) => resource.type.endsWith(`:${kind}`) && resource.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};
const inputs = (name: string) => one("Container", name).inputs;
const labels = (name: string) =>
  Object.fromEntries(
    (inputs(name)["labels"] as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
  );
const options = (name: string) =>
  asked.find((resource) => resource.type.endsWith(":Container") && resource.name === name)?.opts;
const command = (name: string) => JSON.stringify(one("Command", name).inputs);

describe("a scheduled job", () => {
  test("runs its command with the runner in place of the image's entrypoint", () => {
    expect(inputs("digest")).toMatchObject({
      entrypoints: ["sh", "/opt/berth-cron/cron.sh"],
      command: ["keep", "python", "manage.py", "send_digest"],
      stopSignal: "SIGTERM",
      init: true,
      restart: "unless-stopped",
      user: "10001:10001",
    });
  });

  test("has its schedule in the environment, and the program's own variables", () => {
    expect(inputs("digest")["envs"]).toEqual([
      "CRON_MISSED=run",
      "CRON_OVERLAP=forbid",
      "CRON_SCHEDULE=0 7 * * 1,2,3,4,5",
      "CRON_TIMEOUT=600",
      "CRON_TIME_ZONE=Europe/Berlin",
      "LEVEL=info",
    ]);
    expect(inputs("reset")["envs"]).toContain("CRON_OVERLAP=replace");
    expect(inputs("reset")["envs"]).toContain("CRON_MISSED=skip");
    expect(inputs("reset")["envs"]).toContain("CRON_TIMEOUT=3600");
  });

  test("is as hardened as other containers: a read-only root, no capability, limits", () => {
    expect(inputs("digest")).toMatchObject({
      readOnly: true,
      capabilities: { drops: ["ALL"], adds: [] },
      securityOpts: ["no-new-privileges"],
      memory: 256,
    });
    expect(inputs("digest")["ports"]).toBeUndefined();
    expect(Object.keys(inputs("digest")["tmpfs"] as object).sort()).toEqual(["/run/berth-cron", "/tmp"]);
  });

  test("keeps its results in a volume that is removed with it, in a folder of its user", () => {
    const volume = "mailtracker-test-digest-journal";
    expect(inputs("digest")["mounts"]).toEqual([
      { type: "volume", target: "/srv/berth-cron", source: volume, readOnly: false },
    ]);
    expect(command("digest-journal")).toContain(`docker volume rm`);
    const folders = String(one("Command", "digest-healthy").inputs["stdin"])
      .split("\n")
      .map((line) => line.split(" ")[0]);
    expect(folders).toEqual(["/srv/berth-cron", "/opt/berth-cron", "/run/secrets", ""]);
  });

  test("is replaced new before old, and has time to complete its run", () => {
    expect(options("digest")).toMatchObject({ deleteBeforeReplace: false, retainOnDelete: false });
    expect(inputs("digest")["destroyGraceSeconds"]).toBe(630);
  });

  test("is known by its schedule, and causes no downtime in a plan", () => {
    expect(labels("digest")).toMatchObject({
      "berth.cron": "0 7 * * mon-fri Europe/Berlin",
      "berth.service": "digest",
      "berth.background": "true",
    });
    expect(labels("reset")["berth.cron"]).toBe("@monthly UTC");
  });

  test("becomes ready whatever its last run was, which its health check judges", () => {
    expect(command("digest-healthy")).toContain(" 120 stop sh /opt/berth-cron/cron.sh ready");
    expect(inputs("digest")["healthcheck"]).toMatchObject({
      tests: ["CMD", "sh", "/opt/berth-cron/cron.sh", "healthy"],
      retries: 1,
    });
  });

  test("is waited for at the end of a release, or left running by a container that Pulumi retains", () => {
    expect(command("digest-retired")).toContain("digest-id wait mailtracker test digest");
    expect(command("reset-retired")).toContain("reset-id leave mailtracker test reset");
    expect(options("reset")).toMatchObject({ retainOnDelete: true });
  });

  test("is refused with all that is wrong", () => {
    for (const problem of [
      'schedule: "7:00" must',
      'timeZone: "Berlin" must',
      "command: is empty",
      "timeout: 0 must",
    ]) {
      expect(String(refused)).toContain(problem);
    }
  });
});
