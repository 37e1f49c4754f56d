import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { removeLost } from "../../../../components/cli/servers/remove.mts";
import { asText, listServers, setAvailability, swarmProblems } from "../../../../components/cli/servers/servers.mts";
import { readState } from "../../../../components/cli/state/state.mts";
import { resourcesOf, type State } from "../../../../components/model/state.ts";
import { FakeSwarm } from "../../../support/fake-swarm";

const { current } = vi.hoisted(() => ({
  current: {} as {
    swarm: FakeSwarm;
    servers: string[];
    more: unknown[];
    written: State | undefined;
    audited: unknown[];
  },
}));
vi.mock("../../../../components/cli/state/state.mts", () => ({
  readState: async () => ({
    deployment: {
      resources: [
        ...current.servers.map((name) => ({
          urn: `urn:pulumi:prod::shop::berth:host:Server::${name}`,
          type: "berth:host:Server",
          outputs: { reach: `ssh ${name}` },
        })),
        ...current.more,
      ],
    },
  }),
  writeState: async (_: unknown, state: State) => {
    current.written = state;
  },
  deployedStack: async () => ({ place: {} }),
}));
vi.mock("../../../../components/cli/lock/deploy-lock.mts", () => ({
  withDeployLock: (_stack: unknown, _wait: number, work: () => Promise<unknown>) => work(),
}));
vi.mock("../../../../components/cli/audit/audit.mts", () => ({
  audit: async (_: unknown, ...what: unknown[]) => void current.audited.push(what),
}));
vi.mock("../../../../components/remote/swarm/engine-api.mts", async () => {
  const { Problem } = await import("../../../../components/model/problem.ts");
  class Unreachable extends Problem {}
  class EngineApi {
    #name: string;
    constructor(_: string, ssh: string) {
      this.#name = ssh === "ssh server" ? "alpha" : ssh.replace("ssh server-", "");
    }
    get = async (path: string) => structuredClone(this.#send("GET", path));
    post = async (path: string, body?: unknown) => void this.#send("POST", path, body);
    delete = async (path: string) => void this.#send("DELETE", path);
    #send(method: string, path: string, body?: unknown): unknown {
      if (!current.swarm.runs(this.#name)) throw new Unreachable(`${this.#name} does not answer`);
      const { status, answer } = current.swarm.send(this.#name, method, path, body);
      if (status >= 400) throw new Problem((answer as { message: string }).message);
      return answer;
    }
  }
  return { EngineApi, Unreachable };
});

const stack = { project: { folder: ".", name: "shop", backend: "file://." }, name: "prod" };

beforeEach(() => {
  current.servers = ["server", "server-beta", "server-gamma"];
  Object.assign(current, { more: [], written: undefined, audited: [] });
  current.swarm = new FakeSwarm();
  current.swarm.send("alpha", "POST", "/swarm/init");
  for (const name of ["beta", "gamma"]) current.swarm.send(name, "POST", "/swarm/join", { JoinToken: "manager-0" });
  for (const [name, { spec }] of current.swarm.nodes) {
    spec.Labels = { "berth.stack.shop-prod": "true", "berth.server.shop-prod": name };
  }
});

test("the servers are listed as the settings name them, with what may still fail", async () => {
  const list = await listServers(stack);
  expect(list.map(({ name, role, state }) => [name, role, state])).toEqual([
    ["alpha", "manager", "ready"],
    ["beta", "manager", "ready"],
    ["gamma", "manager", "ready"],
  ]);
  expect(asText(list)).toContain("3 of 3 managers are ready; 1 more may fail.");
  current.swarm.stop("gamma");
  expect(asText(await listServers(stack))).toContain("2 of 3 managers are ready; none more may fail.");
});

test("without a quorum, the list and the status say what goes on, and where the way out is", async () => {
  const state = await readState(stack);
  expect(await swarmProblems(stack, state)).toEqual([]);
  for (const name of ["beta", "gamma"]) current.swarm.stop(name);
  await expect(listServers(stack)).rejects.toThrow(/has lost its quorum.* docs\/several-servers.md has the way out/);
  expect(await swarmProblems(stack, state)).toEqual([expect.stringContaining("has lost its quorum")]);
  current.servers = ["server"];
  expect(await swarmProblems(stack, await readState(stack))).toEqual([]);
});

test("a server is drained and activated by its name", async () => {
  await setAvailability(stack, "beta", "drain");
  expect(asText(await listServers(stack))).toMatch(/^beta +manager +ready +moved to others/m);
  await setAvailability(stack, "beta", "active");
  expect(asText(await listServers(stack))).toMatch(/^beta +manager +ready +run here/m);
});

test("an unknown server, and a stack on one server, are errors that say what there is", async () => {
  await expect(setAvailability(stack, "delta", "drain")).rejects.toThrow(
    "The stack prod has no server delta, only alpha, beta, gamma.",
  );
  current.servers = ["server"];
  await expect(listServers(stack)).rejects.toThrow("The stack prod is on one server.");
});

describe("a server is lost", () => {
  const urn = (type: string, name: string) => `urn:pulumi:prod::shop::${type}::${name}`;
  const command = (name: string, environment: Record<string, string>, more = {}) => ({
    urn: urn("command:local:Command", name),
    type: "command:local:Command",
    inputs: { environment },
    ...more,
  });
  const provider = urn("berth:host:Server$pulumi:providers:docker", "server-gamma");

  beforeEach(() => {
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    const joined = (ssh: string, managers: unknown[] = []) => ({ JOINING: JSON.stringify({ ssh, managers }) });
    current.more = [
      { urn: provider, type: "pulumi:providers:docker", id: "1", parent: urn("berth:host:Server", "server-gamma") },
      {
        urn: urn("docker:index/container:Container", "edge-gamma"),
        type: "docker:index/container:Container",
        provider: `${provider}::1`,
      },
      command("server-gamma-reached", { SSH: "ssh server-gamma" }),
      command("ended-gamma", { RUN: "ssh -o ControlPath=none server-gamma -- true", UNDO: "x" }),
      command("gamma-joined", joined("ssh server-gamma")),
      command("delta-joined", joined("ssh server-delta", [{ name: "gamma", ssh: "ssh server-gamma" }]), {
        dependencies: [urn("command:local:Command", "gamma-joined"), urn("berth:host:Server", "server-beta")],
        propertyDependencies: { environment: [urn("berth:host:Server", "server-gamma")], triggers: null },
        deletedWith: urn("command:local:Command", "gamma-joined"),
      }),
      command("other", { RUN: "ssh server-beta -- echo gamma" }),
    ];
  });
  afterEach(() => vi.restoreAllMocks());

  test("the Swarm and the state no longer have it, and the rest is unchanged", async () => {
    current.swarm.stop("gamma");
    await removeLost(stack, "gamma", true);
    expect([...current.swarm.nodes.keys()]).toEqual(["alpha", "beta"]);
    const left = resourcesOf(current.written as State);
    expect(left.map((one) => one.urn.slice(one.urn.lastIndexOf("::") + 2))).toEqual([
      "server",
      "server-beta",
      "delta-joined",
      "other",
    ]);
    expect(left[2]).toEqual({
      ...(current.more[5] as object),
      dependencies: [urn("berth:host:Server", "server-beta")],
      propertyDependencies: { environment: [], triggers: [] },
      deletedWith: undefined,
    });
    expect(current.audited).toEqual([["server-removed", { server: "gamma" }]]);
  });

  test.each([
    ["gamma", "The server gamma answers. To remove it in order, remove it from the setting servers"],
    ["alpha", "has no server alpha that can be removed, only beta, gamma."],
    ["delta", "has no server delta that can be removed, only beta, gamma."],
  ])("%s is not removed: %s", async (name, reason) => {
    await expect(removeLost(stack, name, true)).rejects.toThrow(reason);
    expect(current.written).toBeUndefined();
    expect(current.swarm.nodes.size).toBe(3);
  });

  test("it asks before it changes anything", async () => {
    current.swarm.stop("gamma");
    await expect(removeLost(stack, "gamma", false)).rejects.toThrow("No terminal to ask at. Nothing was changed.");
    expect(current.written).toBeUndefined();
    expect(current.swarm.nodes.size).toBe(3);
  });
});
