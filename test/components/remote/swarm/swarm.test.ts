import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { joinSwarm } from "../../../../components/remote/swarm/join.mts";
import { leaveSwarm } from "../../../../components/remote/swarm/leave.mts";
import { FakeSwarm } from "../../../support/fake-swarm";

const { prepared, current } = vi.hoisted(() => ({
  prepared: [] as unknown[],
  current: {} as { swarm: FakeSwarm; facts: { status: number; stdout: string } },
}));
vi.mock("../../../../components/remote/run.mts", () => ({
  attempt: async () => ({ ...current.facts, stderr: "" }),
  runInteractively: async (_: unknown, step: string) => {
    prepared.push(step);
    return 0;
  },
}));
vi.mock("../../../../components/remote/swarm/engine-api.mts", async () => {
  const { Problem } = await import("../../../../components/model/problem.ts");
  class Unreachable extends Problem {}
  class EngineApi {
    constructor(readonly server: string) {}
    get = async (path: string) => this.#send("GET", path);
    post = async (path: string, body?: unknown) => void this.#send("POST", path, body);
    delete = async (path: string) => void this.#send("DELETE", path);
    #send(method: string, path: string, body?: unknown): unknown {
      if (!current.swarm.runs(this.server)) throw new Unreachable(`${this.server} does not answer`);
      const { status, answer } = current.swarm.send(this.server, method, path, body);
      if (status >= 400) throw new Problem(JSON.stringify(answer));
      return structuredClone(answer);
    }
  }
  return { EngineApi, Unreachable };
});
vi.mock("../../../../components/remote/server/prepare.mts", () => ({
  prepareServer: async (_: unknown, wanted: unknown) => void prepared.push(wanted),
}));

const stack = { project: "shop", stack: "prod" };
const LABEL = "berth.server.shop-prod";
const alone = { settings: { "live-restore": true } } as never;
let swarm: FakeSwarm;

beforeEach(() => {
  swarm = new FakeSwarm();
  current.swarm = swarm;
  current.facts = { status: 0, stdout: "10.0.0.1 1450 no\n" };
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  prepared.length = 0;
});
afterEach(() => vi.restoreAllMocks());

/** A server as the program passes it: alpha creates the Swarm. */
function joining(name: string, role: "manager" | "worker" = "manager", more = {}) {
  const managers = name === "alpha" ? [] : [{ name: "alpha", ssh: "ssh alpha" }];
  return { ...stack, name, ssh: `ssh ${name}`, role, address: "", managers, ...more };
}

async function joinAll() {
  await joinSwarm(joining("alpha"));
  await joinSwarm(joining("beta"));
  await joinSwarm(joining("gamma", "worker"));
}

const specs = () => [...swarm.nodes].map(([id, { spec }]) => [id, spec.Role, spec.Labels[LABEL]]);

test("a manager that the quorum needs stays one, with a word, when another one is dead", async () => {
  await joinSwarm(joining("alpha"));
  await joinSwarm(joining("beta"));
  await joinSwarm(joining("gamma"));
  swarm.stop("gamma");
  const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await joinSwarm(joining("beta", "worker"));
  expect(swarm.nodes.get("beta")?.spec.Role).toBe("manager");
  expect(said.mock.calls.flat()).toContainEqual(expect.stringContaining("beta stays a manager, as another one"));
  await leaveSwarm(joining("gamma"), alone);
  expect([...swarm.nodes.keys()]).toEqual(["alpha", "beta"]);
});

describe("joining a Swarm", () => {
  test("creates it on the first server, adds the others with their roles, and labels all for the stack", async () => {
    await joinAll();
    expect(specs()).toEqual([
      ["alpha", "manager", "alpha"],
      ["beta", "manager", "beta"],
      ["gamma", "worker", "gamma"],
    ]);
  });

  test("prints what networks need, and no token, which is replaced after each use", async () => {
    await joinSwarm(joining("alpha"));
    expect(await joinSwarm(joining("beta"))).toEqual({ address: "10.0.0.1", mtu: 1450, encrypts: false });
    expect(swarm.rotations).toBe(1);
    expect(swarm.changes("beta")).toEqual([
      'POST /swarm/join {"ListenAddr":"0.0.0.0:2377","AdvertiseAddr":"10.0.0.1","RemoteAddrs":["10.0.0.5:2377"],"JoinToken":"manager-0"}',
    ]);
  });

  test("changes nothing when repeated", async () => {
    await joinAll();
    const before = ["alpha", "beta", "gamma"].map((name) => swarm.changes(name));
    await joinAll();
    expect(["alpha", "beta", "gamma"].map((name) => swarm.changes(name))).toEqual(before);
  });

  test("gives a node another role", async () => {
    await joinAll();
    await joinSwarm(joining("gamma", "manager"));
    expect(specs()[2]).toEqual(["gamma", "manager", "gamma"]);
  });

  test.each(["alpha", "gamma"])("refuses the server %s that is in another Swarm, by name", async (name) => {
    if (name !== "alpha") await joinSwarm(joining("alpha"));
    swarm.joinForeign(name);
    await expect(joinSwarm(joining(name))).rejects.toThrow(`The server ${name} is in another Swarm`);
    expect(swarm.changes(name)).toEqual([]);
  });

  test("refuses an address from which the server does not send", async () => {
    current.facts = { status: 3, stdout: "10.0.0.2\n" };
    await expect(joinSwarm(joining("alpha", "manager", { address: "10.0.0.7" }))).rejects.toThrow(
      "The server alpha sends from 10.0.0.2, not from its address",
    );
    expect(swarm.changes("alpha")).toEqual([]);
  });

  test("continues after it was killed between the creation and the label, but takes over no Swarm with services", async () => {
    await joinSwarm(joining("alpha"));
    const node = swarm.nodes.get("alpha");
    if (node) node.spec.Labels = {};
    swarm.services = 1;
    await expect(joinSwarm(joining("alpha"))).rejects.toThrow("is in another Swarm");
    swarm.services = 0;
    await joinSwarm(joining("alpha"));
    expect(specs()).toEqual([["alpha", "manager", "alpha"]]);
  });

  test("says which managers it has asked", async () => {
    await expect(joinSwarm(joining("beta"))).rejects.toThrow(
      "No manager of the Swarm answers: alpha is no manager (inactive).",
    );
  });
});

describe("leaving a Swarm", () => {
  test("drains the server, removes its node, and prepares the server for a stack alone", async () => {
    await joinAll();
    await leaveSwarm(joining("gamma", "worker"), alone);
    expect(specs().map(([name]) => name)).toEqual(["alpha", "beta"]);
    expect(swarm.changes("alpha").at(-2)).toContain('"Availability":"drain"');
    expect(swarm.changes("gamma").at(-1)).toMatch(/^POST \/swarm\/leave\?force=false/);
    expect(prepared).toEqual([alone, "prepare/restore-names.sh"]);
  });

  test("ends the Swarm with the last server", async () => {
    await joinSwarm(joining("alpha"));
    await leaveSwarm(joining("alpha"), alone);
    expect(swarm.changes("alpha").at(-1)).toMatch(/^POST \/swarm\/leave\?force=true/);
  });

  test("leaves the server to other stacks of Berth", async () => {
    await joinAll();
    await joinSwarm({ ...joining("beta"), stack: "test" });
    await leaveSwarm(joining("beta"), alone);
    expect(swarm.nodes.get("beta")?.spec.Labels).toEqual({
      "berth.server.shop-test": "beta",
      "berth.stack.shop-test": "true",
    });
    expect(swarm.changes("beta").filter((one) => one.includes("leave"))).toEqual([]);
    expect(prepared).toEqual([]);
  });

  test("a server that no longer reaches the others leaves by itself, and its node is removed", async () => {
    await joinAll();
    swarm.strand("gamma");
    await leaveSwarm(joining("gamma"), alone);
    expect([...swarm.nodes.keys()]).toEqual(["alpha", "beta"]);
    expect(swarm.changes("gamma").at(-1)).toBe("POST /swarm/leave?force=true");
    expect(prepared).toEqual([alone, "prepare/restore-names.sh"]);
  });

  test("a server that no longer reaches the others stays for another stack", async () => {
    await joinAll();
    const node = swarm.nodes.get("gamma");
    if (node) node.spec.Labels["berth.stack.shop-test"] = "true";
    swarm.strand("gamma");
    await leaveSwarm(joining("gamma"), alone);
    expect(swarm.nodes.has("gamma")).toBe(true);
    expect(swarm.changes("gamma").filter((one) => one.includes("leave"))).toEqual([]);
    expect(prepared).toEqual([]);
  });

  test("forgets a server that does not answer, once the Swarm has lost it too", async () => {
    await joinAll();
    swarm.stop("gamma");
    await leaveSwarm(joining("gamma", "worker"), alone);
    expect([...swarm.nodes.keys()]).toEqual(["alpha", "beta"]);
  });
});
