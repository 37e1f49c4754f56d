import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Asked, collecting, collectOptions, type Registered } from "../../support/mocks";

let registered: Registered[];
let asked: Asked[];

beforeAll(async () => {
  registered = await collecting();
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    const { Job, Network, stack, Volume, Worker } = await import("../../../components/index.js");
    stack({ settings: {} }, (stack) => {
      const networks = [new Network("network", { stack })];
      const volume = new Volume("data", { stack });
      new Job("migrate", { networks, image: "app:1", command: ["node", "dist/migrate.js"] });
      new Worker("worker", {
        networks,
        image: "app:1",
        command: ["sh", "-c", "echo 'a|b'\nexec work", "sh"],
        files: { "/run/secrets/key": "k" },
        volumes: { "/srv/data": volume },
        tmpfs: ["/run/app"],
        replicas: 2,
      });
      new Worker("beat", {
        networks,
        image: "beat:1",
        single: true,
        transform: (args) => ({ ...args, entrypoints: ["/beat"], workingDir: "/srv" }),
      });
    });
    return {};
  });
  await vi.waitFor(() => command("beat-healthy"), { timeout: 20_000 });
});

const command = (name: string) => {
  const found = registered.find((one) => one.type.endsWith(":Command") && one.name === name);
  if (!found) throw new Error(`no command ${name}`);
  return found;
};

/** The commands to check, by name. */
const lines = () =>
  String(command("commands-exist").inputs["stdin"])
    .trimEnd()
    .split("\n")
    .toSorted((one, other) => one.slice(13).localeCompare(other.slice(13)));

describe("the commands of all containers", () => {
  test("are checked in one request, regardless of the order of the requests", () => {
    expect(registered.filter(({ name }) => name.startsWith("commands-exist"))).toHaveLength(1);
    expect(lines().map((line) => line.replace(/^[0-9a-f]{12}\|/, ""))).toEqual([
      "beat|beat:1|/beat|=|/srv|",
      "migrate|app:1|=|node dist/migrate.js|=|",
      "worker-1|app:1|=|sh -c ? sh|=|/run/secrets/key /srv/data /run/app",
      "worker-2|app:1|=|sh -c ? sh|=|/run/secrets/key /srv/data /run/app",
    ]);
  });

  test("have a fingerprint, which the container carries too", () => {
    for (const line of lines()) {
      const [fingerprint, name] = line.split("|");
      const made = registered.find((one) => one.type.endsWith(":Container") && one.name === name);
      expect(made?.inputs["labels"]).toContainEqual({ label: "berth.command", value: fingerprint });
    }
    expect(new Set(lines().map((line) => line.split("|")[0])).size).toBe(3);
  });

  test("in pulled images are checked once per service", () => {
    const images = registered.filter(({ type }) => type.endsWith(":RemoteImage"));
    expect(images.map(({ name, inputs }) => `${name} ${inputs["name"]}`).sort()).toEqual([
      "beat beat:1",
      "migrate app:1",
      "worker app:1",
    ]);
  });

  test("are checked before any container starts and before a single-instance container stops", async () => {
    const at = (kind: string, name: string) =>
      registered.findIndex((one) => one.name === name && one.type.endsWith(`:${kind}`));
    const looked = at("Command", "commands-exist");
    for (const gate of ["migrate-completed", "worker-1-healthy", "beat-healthy"]) {
      expect(at("Command", gate), gate).toBeGreaterThan(looked);
    }
    expect(at("Container", "beat")).toBeGreaterThan(looked);
    expect(asked.find(({ name, type }) => name === "beat" && type.endsWith(":Container"))?.opts).toMatchObject({
      deleteBeforeReplace: true,
    });
  });
});
