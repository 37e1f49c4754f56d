import { beforeEach, expect, test, vi } from "vitest";
import { asText, listServers, setAvailability } from "../../../../components/cli/servers/servers.mts";
import { FakeSwarm } from "../../../support/fake-swarm";

const { current } = vi.hoisted(() => ({ current: {} as { swarm: FakeSwarm; servers: string[] } }));
vi.mock("../../../../components/cli/state/state.mts", () => ({
  readState: async () => ({
    deployment: {
      resources: current.servers.map((name) => ({
        urn: `urn:pulumi:prod::shop::berth:host:Server::${name}`,
        type: "berth:host:Server",
        outputs: { reach: `ssh ${name}` },
      })),
    },
  }),
}));
vi.mock("../../../../components/remote/swarm/engine-api.mts", () => ({
  EngineApi: class {
    #name: string;
    constructor(_: string, ssh: string) {
      this.#name = ssh === "ssh server" ? "alpha" : ssh.replace("ssh server-", "");
    }
    get = async (path: string) => structuredClone(current.swarm.send(this.#name, "GET", path).answer);
    post = async (path: string, body?: unknown) => void current.swarm.send(this.#name, "POST", path, body);
  },
  Unreachable: class extends Error {},
}));

const stack = { project: { folder: ".", name: "shop", backend: "file://." }, name: "prod" };

beforeEach(() => {
  current.servers = ["server", "server-beta", "server-gamma"];
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
