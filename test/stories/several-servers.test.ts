import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { docker } from "../servers/docker";
import type { StandInServer } from "../servers/server";
import type { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { sample } from "../support/sample";
import { expectHardlyNoticed, expectUnnoticed, NAMES, type Name, sum, ThreeServers } from "../support/three-servers";

let three: ThreeServers;
let servers: Record<Name, StandInServer>;
let addresses: Record<Name, string>;
let deployment: Deployment;

beforeAll(async () => {
  three = await ThreeServers.start();
  ({ servers, addresses, deployment } = three);
});
afterAll(() => three?.stop());

/** Whether this machine, which is no server of the stack, can connect to a port of one. */
function isReachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (reachable: boolean) => {
      socket.destroy();
      resolve(reachable);
    };
    socket.on("connect", () => end(true));
    socket.on("timeout", () => end(false));
    socket.on("error", () => end(false));
  });
}

const configuration = (names?: readonly Name[]) => three.configuration(names);
const health = (name: Name) => three.health(name);
const throughAllEdges = (work: () => Promise<unknown>) => three.throughEdges(work);
const replicas = (service: string, on?: readonly Name[]) => three.replicas(service, on);
const edgeOf = (name: Name) => servers[name].docker("ps", "--quiet", "--filter", "label=berth.healthPath");
const services = async () =>
  (await servers.alpha.docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}")).split("\n");

function release(text: string): void {
  deployment.edit("backend/devportal/__init__.py", (before) => `${before}# ${text}\n`);
}

test("one `up` makes a cluster of three bare servers, and the portal answers at both edges", {
  tags: "extended",
}, async () => {
  // The command locks the base images, whose digests are part of every release.
  await deployment.make("up");
  for (const name of ["alpha", "beta"] as const) {
    expect(await (await fetch(health(name))).json()).toEqual({ status: "ok", database: "ok", redis: "ok" });
  }
  const nodes = await servers.alpha.docker(
    "node",
    "ls",
    "--format",
    "{{.Status}} {{.Availability}} {{.ManagerStatus}}",
  );
  expect(nodes.split("\n").toSorted()).toEqual([
    "Ready Active Leader",
    "Ready Active Reachable",
    "Ready Active Reachable",
  ]);
  expect(await replicas("app")).toEqual({ alpha: 1, beta: 1, gamma: 1 });
  expect(await replicas("postgres")).toEqual({ alpha: 1, beta: 0, gamma: 0 });
  expect(await servers.gamma.docker("info", "--format", "{{.LiveRestoreEnabled}}")).toBe("false");
});

test("a second `up` and a refresh change nothing", { tags: "extended" }, async () => {
  await deployment.up("--expect-no-changes");
  await deployment.run("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", deployment.stack);
  await deployment.up("--expect-no-changes");
});

test("no join token and no secret is in the state or in a process", { tags: "extended" }, async () => {
  const tokens = await Promise.all(
    ["manager", "worker"].map((role) => servers.alpha.docker("swarm", "join-token", "--quiet", role)),
  );
  const { adminPassword } = await deployment.outputs();
  const processes = await Promise.all(NAMES.map((name) => servers[name].exec("ps auxwwe")));
  for (const secret of [...tokens, adminPassword]) {
    for (const place of [deployment.state(), ...processes]) expect(place.includes(secret)).toBe(false);
  }
  expect(deployment.state()).not.toContain("SWMTKN-");
});

test("the firewall opens the ports of the Swarm to the servers only", { tags: "extended" }, async () => {
  for (const name of NAMES) {
    expect(await isReachable(addresses[name], 7946)).toBe(false);
    expect(await isReachable(addresses[name], 2377)).toBe(false);
    expect(await isReachable(addresses[name], 80)).toBe(name !== "gamma");
  }
});

test("status shows the containers of all servers and finds no problem", { tags: "extended" }, async () => {
  await eventually(90, async () => {
    const { output, exitCode } = await deployment.berth("status");
    expect(output.match(/^app .* running .* healthy/gm)).toHaveLength(3);
    expect(output).toMatch(/nginx-beta/);
    expect(exitCode).toBe(0);
  });
  expect((await deployment.drift()).exitCode).toBe(0);
});

test("logs and exec reach the containers of all servers", { tags: "extended" }, async () => {
  const { output } = await deployment.berth("logs", "app", "--json", "--lines", "2000");
  const containers = output.split("\n").flatMap((line) => (line.startsWith("{") ? JSON.parse(line).container : []));
  expect(new Set(containers).size).toBe(3);
  await servers.alpha.docker("node", "update", "--availability", "drain", servers.alpha.container);
  await eventually(60, async () => expect(await replicas("app")).toMatchObject({ alpha: 0 }));
  const { output: said, exitCode } = await deployment.berth("exec", "app", "echo", "from", "elsewhere");
  await servers.alpha.docker("node", "update", "--availability", "active", servers.alpha.container);
  expect(said).toContain("from elsewhere");
  expect(exitCode).toBe(0);
});

test("maintenance is at every edge", { tags: "extended" }, async () => {
  const statuses = () =>
    Promise.all(
      (["alpha", "beta"] as const).map(async (name) => (await fetch(`http://${servers[name].address}/`)).status),
    );
  await deployment.berth("maintenance", "on");
  await eventually(10, async () => expect(await statuses()).toEqual([503, 503]));
  await deployment.berth("maintenance", "off");
  await eventually(10, async () => expect(await statuses()).toEqual([200, 200]));
});

test("doctor checks every server, and finds no problem", { tags: "extended" }, async () => {
  const { output, exitCode } = await deployment.berth("doctor", "--json");
  const { checks } = JSON.parse(output.slice(output.indexOf("{")));
  const problems = checks.filter(({ status }: { status: string }) => status === "problem");
  expect(problems).toEqual([]);
  for (const name of ["beta", "gamma"]) {
    expect(checks).toContainEqual(expect.objectContaining({ name: `Docker (${name})`, status: "ok" }));
  }
  expect(exitCode).toBe(0);
});

test("drift of a service and of an edge elsewhere is shown, and reverted without a failed request", {
  tags: "extended",
}, async () => {
  const [service = ""] = (await services())[0]?.split(" ") ?? [];
  await servers.alpha.docker("service", "scale", "--detach", `${service}=2`);
  await servers.beta.docker("update", "--restart", "no", await edgeOf("beta"));
  const { output, exitCode } = await deployment.drift();
  expect(exitCode).toBe(4);
  expect(output).toContain("number of containers: is 2, deployed as 3");
  expect(output).toMatch(/Container nginx-beta \(.*\) on beta:\n {2}- restart policy: is no/);
  expectUnnoticed(await throughAllEdges(() => deployment.make("up")));
  expect(sum(await replicas("app"))).toBe(3);
  const [scaled = ""] = (await services())[0]?.split(" ") ?? [];
  expect(scaled).toBe(service);
  await servers.alpha.docker("service", "update", "--detach", "--env-add", "EXTRA=by-hand", service);
  expect((await deployment.drift()).output).toContain("environment EXTRA: not deployed");
  expectUnnoticed(await throughAllEdges(() => deployment.make("up")));
  expect((await deployment.drift()).exitCode).toBe(0);
  await servers.alpha.docker("service", "rm", (await services())[0]?.split(" ")[0] ?? "");
  expect((await deployment.drift()).output).toMatch(/^Service app \(.*\):\n {2}- missing/m);
  await deployment.make("up");
  expect((await deployment.drift()).exitCode).toBe(0);
  expect(sum(await replicas("app"))).toBe(3);
});

test("another number of containers replaces none of the others", { tags: "extended" }, async () => {
  const [service] = await services();
  deployment.configure({ ...configuration(), replicas: 2 });
  expectUnnoticed(await throughAllEdges(() => deployment.up()));
  // The third one completes its requests.
  await eventually(60, async () => expect(sum(await replicas("app"))).toBe(2));
  deployment.configure(configuration());
  expectUnnoticed(await throughAllEdges(() => deployment.up()));
  expect(sum(await replicas("app"))).toBe(3);
  expect(await services()).toEqual([service]);
});

test.each(sample([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2))(
  "release %i takes over at all edges without a failed request",
  { tags: "extended" },
  async (number) => {
    release(`Release ${number}.`);
    const visits = await throughAllEdges(() => deployment.up());
    expectUnnoticed(visits);
    expect(sum(await replicas("app"))).toBe(3);
    expect(await services()).toHaveLength(1);
  },
);

test("a restore stops the services on all servers, and starts them again", { tags: "extended" }, async () => {
  await deployment.make("backup");
  let least = 3;
  const watching = setInterval(async () => {
    least = Math.min(least, sum(await replicas("app").catch(() => ({}))));
  }, 500);
  const { output, failed } = await deployment.berth("restore", "--yes");
  clearInterval(watching);
  expect(failed, output).toBe(false);
  expect(output).toContain("Stopping the writers: app");
  expect(least).toBe(0);
  expect(sum(await replicas("app"))).toBe(3);
  for (const name of ["alpha", "beta"] as const) {
    await eventually(15, async () => expect((await fetch(health(name))).status).toBe(200));
  }
  expect((await deployment.drift()).exitCode).toBe(0);
});

test("a release that exits at start fails with its reason, and the previous version serves", {
  tags: "extended",
}, async () => {
  const [before] = await services();
  deployment.edit("backend/devportal/__main__.py", (text) => `raise SystemExit("no such engine: warp")\n${text}`);
  const visits = await throughAllEdges(async () => {
    const { failed, output } = await deployment.tryUp();
    expect(failed).toBe(true);
    expect(output).toContain("no such engine: warp");
  });
  expectUnnoticed(visits);
  expect(await services()).toContain(before);
  deployment.edit("backend/devportal/__main__.py", (text) => text.replace(/^raise SystemExit.*\n/, ""));
  await deployment.up();
  expect(await services()).toHaveLength(1);
});

test("a rollback is a release without a failed request", { tags: "extended" }, async () => {
  release("The last release.");
  await deployment.up();
  const { release: last } = await deployment.outputs();
  expectUnnoticed(await throughAllEdges(() => deployment.make("rollback", "YES=1")));
  expect((await deployment.outputs()).release).not.toBe(last);
});

test("a server without an edge is maintained without a failed request", { tags: "extended" }, async () => {
  const availability = (value: string) =>
    servers.alpha.docker("node", "update", "--availability", value, servers.gamma.container);
  const visits = await throughAllEdges(async () => {
    await availability("drain");
    await eventually(60, async () => expect(await replicas("app")).toMatchObject({ gamma: 0 }));
    await eventually(60, async () => expect(sum(await replicas("app"))).toBe(3));
  });
  expectUnnoticed(visits);
  await availability("active");
});

test("a server without an edge dies: its containers run elsewhere within 30 seconds, and it returns", {
  tags: "extended",
}, async () => {
  release("Over all servers again.");
  await deployment.up();
  const visits = await throughAllEdges(async () => {
    await docker("kill", servers.gamma.container);
    await eventually(30, async () => {
      const { alpha, beta } = await replicas("app", ["alpha", "beta"]);
      expect((alpha ?? 0) + (beta ?? 0)).toBe(3);
    });
    await sleep(5000);
  });
  expectHardlyNoticed(visits);
  await docker("start", servers.gamma.container);
  await eventually(60, async () => expect(sum(await replicas("app"))).toBe(3));
  await deployment.up();
  for (const name of ["alpha", "beta"] as const) expect((await fetch(health(name))).status).toBe(200);
});

test("a server is removed and another one added without a failed request", { tags: "extended" }, async () => {
  const visits = await throughAllEdges(async () => {
    deployment.configure(configuration(["alpha", "beta"]));
    await deployment.up();
    expect(await servers.gamma.docker("info", "--format", "{{.Swarm.LocalNodeState}}")).toBe("inactive");
    expect(await replicas("app")).toMatchObject({ gamma: 0 });
    deployment.configure(configuration());
    await deployment.up();
    expect(await servers.gamma.docker("info", "--format", "{{.Swarm.LocalNodeState}}")).toBe("active");
  });
  expectUnnoticed(visits);
});

test("a server that is lost for good is removed without it, and without a failed request", {
  tags: "extended",
}, async () => {
  await docker("kill", servers.gamma.container);
  deployment.configure(configuration(["alpha", "beta"]));
  const visits = await throughAllEdges(async () => {
    expect((await deployment.tryMake("up")).output).toMatch(
      /The server gamma does not answer\. If it is lost for good, .*: npx berth servers remove gamma --stack/,
    );
    const removed = await deployment.berth("servers", "remove", "gamma", "--yes");
    expect(removed.output).toContain("no longer has the server gamma");
    await deployment.make("up");
  });
  // Requests to its containers fail until the Swarm misses it.
  expectHardlyNoticed(visits);
  expect((await deployment.berth("servers")).output).not.toContain("gamma");
  expect(sum(await replicas("app", ["alpha", "beta"]))).toBe(3);
  await deployment.up("--expect-no-changes");
});

test("back to one server: the data is there, and the others have left", { tags: "extended" }, async () => {
  await deployment.make("psql", "SQL=CREATE TABLE kept AS SELECT 1 AS one");
  deployment.configure(three.configurationAlone());
  await deployment.up();
  expect(await deployment.make("psql", "SQL=SELECT one FROM kept")).toMatch(/^ *1$/m);
  await eventually(30, async () =>
    expect(await (await fetch(health("alpha"))).json()).toEqual({ status: "ok", database: "ok", redis: "ok" }),
  );
  for (const name of ["alpha", "beta"] as const) {
    expect(await servers[name].docker("info", "--format", "{{.Swarm.LocalNodeState}}")).toBe("inactive");
    expect(await servers[name].docker("info", "--format", "{{.LiveRestoreEnabled}}")).toBe("true");
  }
  await deployment.up("--expect-no-changes");
});

test("from one server to several: the plan announces the downtime, and the data stays", {
  tags: "extended",
}, async () => {
  deployment.configure(configuration(["alpha", "beta"]));
  expect((await deployment.plan()).output).toMatch(/downtime/i);
  await deployment.make("up");
  for (const name of ["alpha", "beta"] as const) {
    await eventually(30, async () =>
      expect(await (await fetch(health(name))).json()).toEqual({ status: "ok", database: "ok", redis: "ok" }),
    );
  }
  expect(await deployment.make("psql", "SQL=SELECT one FROM kept")).toMatch(/^ *1$/m);
  await deployment.up("--expect-no-changes");
});
