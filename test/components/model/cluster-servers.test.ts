import { describe, expect, test } from "vitest";
import { managersOf, parseServers } from "../../../components/model/cluster-servers";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const server = (number: number, roles: string[] = [], more = {}) => ({
  host: `10.0.0.${number}`,
  hostKey,
  roles,
  ...more,
});
const three = { alpha: server(1, ["edge", "data"]), beta: server(2, ["edge"]), gamma: server(3) };
const parse = (servers: unknown) => parseServers(JSON.stringify(servers));

describe("the servers of a cluster", () => {
  test("are read with their roles; the rest comes from the settings of one server", () => {
    const port = server(3, [], { port: "2222", user: "ubuntu", address: "192.168.0.3", keyFile: "~/.ssh/id" });
    expect(parse({ ...three, gamma: port }).value).toEqual({ ...three, gamma: { ...port, port: 2222 } });
    expect(parse({}).value).toBeUndefined();
  });

  test.each([
    ["one server", { alpha: three.alpha }, "names one server"],
    ["no data server", { ...three, alpha: server(1, ["edge"]) }, "exactly one server must have the role data"],
    ["two data servers", { ...three, beta: server(2, ["data"]) }, "but alpha, beta has it"],
    [
      "no edge",
      { ...three, alpha: server(1, ["data"]), beta: server(2) },
      "at least one server must have the role edge",
    ],
    ["an unknown role", { ...three, beta: server(2, ["web"]) }, "beta.roles.0 must be among data, edge, manager"],
    ["a host twice", { ...three, beta: server(1, ["edge"]) }, "beta has the host 10.0.0.1 of another server"],
    ["no host key", { ...three, beta: { host: "10.0.0.2" } }, "beta.hostKey is missing"],
    ["an unknown field", { ...three, beta: server(2, [], { name: "b" }) }, 'beta Unrecognized key: "name"'],
    ["a name with capitals", { ...three, Beta: server(4) }, 'the server\'s name "Beta" must be lower-case'],
    [
      "two managers",
      { ...three, alpha: server(1, ["edge", "data", "manager"]), beta: server(2, ["manager"]) },
      "one or three servers can be managers, but alpha, beta are",
    ],
    ["a data server that is no manager", { ...three, beta: server(2, ["manager"]) }, "alpha must be a manager too"],
    ["a list", [three.alpha], "no map of servers"],
  ])("are refused with %s", (_, servers, problem) => {
    const { value, problems } = parse(servers);
    expect(value).toBeUndefined();
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});

test.each([
  ["the data server of two servers", { alpha: three.alpha, beta: three.beta }, ["alpha"]],
  ["the data server first, and two others, of four", { ...three, aaa: server(4) }, ["alpha", "aaa", "beta"]],
  [
    "those that the settings name",
    { aaa: server(4), ...three, alpha: server(1, ["edge", "data", "manager"]) },
    ["alpha"],
  ],
])("the managers are %s", (_, servers, managers) => {
  const { value } = parse(servers);
  expect(value && managersOf(value)).toEqual(managers);
});
