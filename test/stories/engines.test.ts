import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineRelease } from "../servers/engines";
import { CGROUP_2, StandInServer } from "../servers/server";
import { SmallProject } from "../support/small-project";
import { succeeded } from "../support/succeeded";
import { whileVisiting } from "../support/visitors";

interface Engine {
  /** Start of its version. */
  version: string;
  release: EngineRelease;
  store: "overlay2" | "containerd";
  /** Only in `make test-all`. Default: `make test` deploys to it too. */
  extended?: true;
}

/** To test another engine, add a line. All other stories run on bookworm's, 20.10.24 with overlay2. */
const ENGINES: Engine[] = [
  { version: "20.10.5", release: "bullseye", store: "overlay2", extended: true },
  { version: "26.1", release: "trixie", store: "overlay2", extended: true },
  { version: "28.5", release: "forky", store: "overlay2", extended: true },
  { version: "28.5", release: "forky", store: "containerd" },
];

const CONTAINERD_STORE = '{"features":{"containerd-snapshotter":true}}';

/** As the server's administrator does, before Docker is installed. */
const useContainerdStore = (server: StandInServer) =>
  server.exec("mkdir /etc/docker && cat >/etc/docker/daemon.json", CONTAINERD_STORE);

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
    if (store === "containerd") await useContainerdStore(server);
    project = new SmallProject({ ...server.settings, drainSeconds: 2 });
    project.edit("index.ts", (text) => text.replace("\n  return ", `${WORKER}$&`));
  });

  afterAll(async () => {
    await server?.stop();
    project?.remove();
  });

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
      new RegExp(`^${version.replaceAll(".", "\\.")}\\b`),
    );
    expect(await server.docker("info", "--format", "{{.Driver}}")).toBe(store === "containerd" ? "overlayfs" : store);
    expect(await page()).toContain("It runs");
    await succeeded(project.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes"));
    await settled();
  });

  test("takes a release and a rollback without a failed request", { tags: "extended" }, async () => {
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

  test("keeps nothing of a destroyed stack running", { tags: "extended" }, async () => {
    await succeeded(project.berth("down", "--yes"));
    expect(await server.docker("ps", "--all", "--quiet")).toBe("");
  });
});

describe("refused before anything is changed:", { tags: "extended" }, () => {
  const refused = async (server: StandInServer): Promise<string> => {
    const project = new SmallProject(server.settings);
    try {
      const { failed, output } = await project.berth("up");
      expect(failed).toBe(true);
      expect(output).toContain("The server cannot be prepared. Nothing was changed.");
      return output;
    } finally {
      project.remove();
    }
  };

  test("Docker before 27.5 with the containerd image store, which cannot build a project's image", async () => {
    const server = await StandInServer.start({ name: "engine", engine: "trixie" });
    try {
      await useContainerdStore(server);
      expect(await refused(server)).toMatch(/would install docker\.io 26\.1\S*, with the containerd image store/);
      expect(await server.exec("command -v dockerd || echo untouched")).toBe("untouched");
      await server.exec(
        "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends docker.io docker-cli iptables",
      );
      expect(await refused(server)).toMatch(/Docker: 26\.1\S* \(.*\), with the containerd image store/);
      expect(await server.exec("cat /etc/docker/daemon.json")).toBe(CONTAINERD_STORE);
    } finally {
      await server.stop();
    }
  });

  // On a machine with cgroup v2 only, all engines above run with it.
  test.runIf(existsSync(CGROUP_2))("cgroup v2 without the controllers for limits", async () => {
    const server = await StandInServer.start({ name: "engine", bare: true, cgroup2: true });
    try {
      expect(await refused(server)).toContain("without the cgroup controllers cpu, memory, pids");
      expect(await server.exec("command -v dockerd || echo untouched")).toBe("untouched");
    } finally {
      await server.stop();
    }
  });
});
