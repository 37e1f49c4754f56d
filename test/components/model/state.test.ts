import { describe, expect, test } from "vitest";
import { expectedBy } from "../../../components/cli/status/look.mts";
import { currentOf, parseState, serverIn, serversOf, sshPrefixOf } from "../../../components/model/state";

const stack = { project: { folder: "/project", name: "mailtracker", backend: "file:///state" }, name: "prod" };
const state = (deployment: unknown) => parseState(JSON.stringify({ version: 3, deployment }));
const container = (name: string, more = {}) => ({
  type: "docker:index/container:Container",
  outputs: { name },
  ...more,
});

describe("a state", () => {
  test("contains the Docker host, the address, the release and the containers", () => {
    const deployed = state({
      resources: [
        { type: "pulumi:pulumi:Stack", outputs: { url: "https://mail.example.org", release: "abc" } },
        { type: "berth:host:Server", outputs: { address: "203.0.113.7", reach: "ssh -T 203.0.113.7" } },
        container("backend-1"),
        container("backend-0", { delete: true }),
        container("nginx"),
      ],
    });
    expect(sshPrefixOf(deployed)).toBe("ssh -T 203.0.113.7");
    expect(expectedBy(stack, deployed)).toEqual({
      project: "mailtracker",
      stack: "prod",
      url: "https://mail.example.org",
      release: "abc",
      containers: ["backend-1", "nginx"],
      leaving: ["backend-0"],
    });
  });

  test("of several servers has the one with the data, whatever their order, and what is there", () => {
    const server = (name: string) => ({
      urn: `urn:pulumi:prod::shop::berth:host:Server::${name}`,
      type: "berth:host:Server",
      outputs: { reach: `ssh ${name}` },
    });
    const provider = (name: string) => `urn:pulumi:prod::shop::berth:host:Server$pulumi:providers:docker::${name}::1`;
    const deployed = state({
      resources: [
        server("server-beta"),
        server("server"),
        container("nginx", { provider: provider("server") }),
        container("nginx-beta", { provider: provider("server-beta") }),
      ],
    });
    expect(sshPrefixOf(deployed)).toBe("ssh server");
    expect(serversOf(deployed)).toEqual([
      { name: "beta", sshPrefix: "ssh server-beta" },
      { name: "", sshPrefix: "ssh server" },
    ]);
    const containers = currentOf(deployed, "docker:index/container:Container");
    expect(containers.filter((one) => serverIn(deployed)(one) === "").map(({ outputs }) => outputs?.["name"])).toEqual([
      "nginx",
    ]);
  });

  test("after a failed first `up` has enough for diagnosis", () => {
    const failed = state({
      resources: [{ type: "pulumi:pulumi:Stack" }, { type: "berth:host:Server", outputs: { reach: "" } }],
    });
    expect(sshPrefixOf(failed)).toBe("");
    expect(expectedBy(stack, failed)).toMatchObject({ url: "", release: "", containers: [], leaving: [] });
  });

  test("reports a stack without a known server, and an empty stack", () => {
    expect(sshPrefixOf(state({ resources: [{ type: "pulumi:pulumi:Stack" }] }))).toBeUndefined();
    expect(sshPrefixOf(state({}))).toBeUndefined();
  });

  test("keeps fields that Berth does not read, so that it can be written back", () => {
    const resource = { urn: "u", type: "t", later: { field: 1 } };
    const text = JSON.stringify({ version: 3, deployment: { manifest: { time: "x" }, resources: [resource] } });
    expect(JSON.parse(JSON.stringify(parseState(text)))).toEqual(JSON.parse(text));
  });
});
