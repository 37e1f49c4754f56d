import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { docker } from "../servers/docker";
import type { StandInServer } from "../servers/server";
import type { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { expectHardlyNoticed, expectUnnoticed, NAMES, type Name, sum, ThreeServers } from "../support/three-servers";

const extended = { tags: "extended" };
const OTHERS = ["beta", "gamma"] as const;

let three: ThreeServers;
let servers: Record<Name, StandInServer>;
let deployment: Deployment;

beforeAll(async () => {
  three = await ThreeServers.start();
  ({ servers, deployment } = three);
  await deployment.make("up");
  await deployment.make("psql", "SQL=CREATE TABLE kept AS SELECT 1 AS one");
});
afterAll(() => three?.stop());

/** Waits until both edges answer and the three containers of the portal run, each once. */
async function everythingRuns(): Promise<void> {
  await eventually(120, async () => {
    for (const name of ["alpha", "beta"] as const) {
      expect(await (await fetch(three.health(name))).json()).toEqual({ status: "ok", database: "ok", redis: "ok" });
    }
    expect(sum(await three.replicas("app"))).toBe(3);
  });
}

/** Makes a manager the leader, as the only one for a moment. */
async function makeLeader(leader: Name, others: readonly Name[]): Promise<void> {
  for (const command of ["demote", "promote"]) {
    for (const name of others) {
      await servers[leader].docker("node", command, servers[name].container);
      await eventually(60, async () => {
        const control = await servers[name].docker("info", "--format", "{{.Swarm.ControlAvailable}}");
        expect(control).toBe(String(command === "promote"));
      });
    }
  }
  const managers = await servers[leader].docker("node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}");
  expect(managers).toContain(`${servers[leader].container} Leader`);
}

/** Visits through both edges for some seconds, as addresses of containers that are gone would fail some of the requests. */
const visitsAfterwards = async () => expectUnnoticed(await three.throughEdges(() => sleep(10_000)));

// So that a fault which is not survived fails its own test only.
beforeEach(async () => {
  for (const name of NAMES) await docker("start", servers[name].container);
  await everythingRuns();
});

test("Docker restarts on each server, and everything runs again", extended, async () => {
  expectHardlyNoticed(
    await three.throughEdges(async () => {
      await servers.gamma.exec("systemctl restart docker");
      await everythingRuns();
    }),
  );
  for (const name of ["beta", "alpha"] as const) {
    await servers[name].exec("systemctl restart docker");
    await everythingRuns();
  }
  await visitsAfterwards();
});

test("the leader is lost, and a release still works", extended, async () => {
  await makeLeader("gamma", ["alpha", "beta"]);
  await docker("kill", servers.gamma.container);
  deployment.edit("backend/devportal/__init__.py", (before) => `${before}# Without its leader.\n`);
  expectHardlyNoticed(await three.throughEdges(() => deployment.make("up")));
  expect(sum(await three.replicas("app", ["alpha", "beta"]))).toBe(3);
  await docker("start", servers.gamma.container);
  await everythingRuns();
  await deployment.up("--expect-no-changes");
});

test("a server with an edge is lost without a failed request through the others, and returns", extended, async () => {
  const visits = await three.throughEdges(async () => {
    await docker("kill", servers.beta.container);
    await eventually(60, async () => expect(sum(await three.replicas("app", ["alpha", "gamma"]))).toBe(3));
    const { output, exitCode } = await deployment.berth("status");
    expect(output).toContain("The server beta does not answer");
    expect(exitCode).not.toBe(0);
  }, ["alpha"]);
  expectHardlyNoticed(visits);
  await docker("start", servers.beta.container);
  await everythingRuns();
  await visitsAfterwards();
});

test("a partition heals: nothing runs twice, and no address is stale", extended, async () => {
  const rule = (action: string) =>
    [three.addresses.gamma, servers.gamma.address]
      .flatMap((address) => ["INPUT -s", "OUTPUT -d"].map((chain) => `iptables ${action} ${chain} ${address} -j DROP`))
      .join("; ");
  for (const name of ["alpha", "beta"] as const) await servers[name].exec(rule("-I"));
  const visits = await three.throughEdges(() => sleep(60_000));
  for (const name of ["alpha", "beta"] as const) await servers[name].exec(rule("-D"));
  // Requests that were on their way to the other side.
  for (const { answered, failures } of visits) expect(failures.length).toBeLessThan(answered / 100);
  await everythingRuns();
  await sleep(30_000);
  await visitsAfterwards();
});

test("two of three are lost: the rest serves, says that the quorum is lost, and they return", extended, async () => {
  for (const name of OTHERS) await docker("kill", servers[name].container);
  await eventually(60, async () => {
    const { output, exitCode } = await deployment.berth("status");
    expect(output).toContain("has lost its quorum");
    expect(exitCode).not.toBe(0);
  });
  expect((await deployment.berth("servers")).output).toContain("has lost its quorum");
  expect((await fetch(three.health("alpha"))).status).toBe(200);
  for (const name of OTHERS) await docker("start", servers[name].container);
  await everythingRuns();
});

test("all servers restart at once: everything returns, and so does what was committed", extended, async () => {
  await Promise.all(NAMES.map((name) => servers[name].reboot()));
  await everythingRuns();
  expect(await deployment.make("psql", "SQL=SELECT one FROM kept")).toMatch(/^ *1$/m);
  await visitsAfterwards();
  expect((await deployment.drift()).exitCode).toBe(0);
});

test(
  "two of three are lost for good: the way out of docs/several-servers.md leaves the data server",
  extended,
  async () => {
    for (const name of OTHERS) await docker("kill", servers[name].container);
    await servers.alpha.exec(`docker swarm init --force-new-cluster --advertise-addr ${three.addresses.alpha}`);
    for (const name of OTHERS) {
      const { output } = await deployment.berth("servers", "remove", name, "--yes");
      expect(output).toContain(`no longer has the server ${name}`);
    }
    deployment.configure(three.configurationAlone());
    await deployment.make("up");
    expect((await fetch(three.health("alpha"))).status).toBe(200);
    expect(await three.replicas("app", ["alpha"])).toEqual({ alpha: 3 });
    expect(await deployment.make("psql", "SQL=SELECT one FROM kept")).toMatch(/^ *1$/m);
    await deployment.up("--expect-no-changes");
  },
);
