import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineRelease } from "../servers/engines";
import { CGROUP_2, StandInServer } from "../servers/server";
import type { CommandResult } from "../support/deployment";
import { SmallProject } from "../support/small-project";
import { whileVisiting } from "../support/visitors";

interface Engine {
  /** Start of its version. */
  version: string;
  release: EngineRelease;
  store: "overlay2" | "containerd";
  /** Only in `make test-all`. Default: in `make test` too. */
  extended?: true;
}

/** To test another engine, add a line. */
const ENGINES: Engine[] = [
  { version: "20.10.5", release: "bullseye", store: "overlay2", extended: true },
  { version: "20.10.24", release: "bookworm", store: "overlay2", extended: true },
  { version: "26.1", release: "trixie", store: "overlay2", extended: true },
  { version: "26.1", release: "trixie", store: "containerd", extended: true },
  { version: "28.5", release: "forky", store: "overlay2", extended: true },
  { version: "28.5", release: "forky", store: "containerd" },
];

/** Like the application, but without `user`; nor has its image one. */
const WORKER = `
  new berth.Worker("sleeper", { networks: [front], image: "nginx:alpine", command: ["sleep", "infinity"] });
`;

describe.each(ENGINES)("Docker $version, $store", { timeout: 900_000 }, ({ version, release, store, extended }) => {
  const options = extended ? { tags: "extended" } : {};
  let server: StandInServer;
  let project: SmallProject;

  beforeAll(async () => {
    server = await StandInServer.start({ name: "engine", engine: release });
    if (store === "containerd") {
      await server.exec(
        "mkdir /etc/docker && cat >/etc/docker/daemon.json",
        '{"features":{"containerd-snapshotter":true}}',
      );
    }
    project = new SmallProject({ ...server.settings, drainSeconds: 2 });
    project.edit("index.ts", (text) => text.replace("\n  return ", `${WORKER}$&`));
  });

  afterAll(async () => {
    await server?.stop();
    project?.remove();
  });

  const succeeded = async (result: Promise<CommandResult>): Promise<string> => {
    const { failed, output } = await result;
    expect(failed, output).toBe(false);
    return output;
  };
  const page = async () => (await fetch(`http://${server.address}/`)).text();

  /** Nothing drifts or is unwell. */
  const settled = async () => {
    expect(await succeeded(project.berth("drift"))).toContain("The stack test is as it was deployed.");
    const status = await succeeded(project.berth("status"));
    expect(status).toMatch(/^Site: .* answers 200$/m);
    expect(status).not.toContain("Not well");
  };

  test("is deployed to", options, async () => {
    await succeeded(project.berth("up"));
    expect(await server.docker("version", "--format", "{{.Server.Version}}")).toMatch(
      new RegExp(`^${version.replace(".", "\\.")}\\b`),
    );
    expect(await server.docker("info", "--format", "{{.Driver}}")).toBe(store === "containerd" ? "overlayfs" : store);
    expect(await page()).toContain("It runs");
    await succeeded(project.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes"));
    await settled();
  });

  test("takes a release and a rollback without a failed request", options, async () => {
    project.edit("app/server.mjs", (text) => text.replaceAll("It runs", "It runs again"));
    const visits = await whileVisiting(`http://${server.address}/`, async () => {
      await succeeded(project.berth("up"));
      expect(await page()).toContain("It runs again");
      await succeeded(project.berth("rollback", "--yes"));
    });
    expect(visits.failures).toEqual([]);
    expect(visits.answered).toBeGreaterThan(20);
    expect(await page()).not.toContain("again");
    await settled();
  });

  test("keeps nothing of a destroyed stack running", options, async () => {
    await succeeded(project.berth("down", "--yes"));
    expect(await server.docker("ps", "--all", "--quiet")).toBe("");
  });
});

// On a machine with cgroup v2 only, all engines above run with it.
test.runIf(existsSync(CGROUP_2))(
  "a server whose cgroup v2 cannot limit containers is refused before anything is changed",
  { tags: "extended" },
  async () => {
    const server = await StandInServer.start({ name: "cgroup", bare: true, cgroup2: true });
    const project = new SmallProject(server.settings);
    try {
      const { failed, output } = await project.berth("up");
      expect(failed).toBe(true);
      expect(output).toContain("without the cgroup controllers cpu, memory, pids");
      expect(await server.exec("command -v dockerd || echo untouched")).toBe("untouched");
    } finally {
      await server.stop();
      project.remove();
    }
  },
);
