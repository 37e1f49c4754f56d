import { expect, test } from "vitest";
import { validate } from "../../../components/settings/validate";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const servers = {
  alpha: { host: "10.0.0.1", hostKey, roles: ["edge", "data"] },
  beta: { host: "10.0.0.2", hostKey, roles: ["edge"] },
  gamma: { host: "10.0.0.3", hostKey },
};
const registry = { registryAddress: "registry.example.org", registryUsername: "ci", registryPassword: "secret" };
const complete = { siteName: "mail.example.org", ...registry, servers: JSON.stringify(servers) };
const check = (settings: Record<string, string>) => validate(settings, new Set(["registryPassword"]), { settings: {} });

test("a stack on several servers needs their map, a registry and the site's name", () => {
  const { values, problems } = check(complete);
  expect(problems).toEqual([]);
  expect(values?.servers).toMatchObject({ beta: { roles: ["edge"] }, gamma: { roles: [] } });
});

test("a stack on one server has no map", () => {
  expect(check({}).values?.servers).toBeUndefined();
});

test.each([
  ["siteName", { siteName: "" }, "siteName is missing, as servers is set"],
  ["a registry", { registryAddress: "" }, "registryAddress is missing, as servers is set"],
  [
    "one server only",
    { serverHost: "10.0.0.9", serverHostKey: hostKey },
    "serverHost has no effect, as servers is set",
  ],
  ["no front door", { frontDoor: "true" }, "frontDoor cannot be used with servers"],
  ["a certificate on each", { tls: "self-signed" }, "but beta has the role edge too"],
  ["addresses for the firewall", { hardeningFirewall: "true" }, "servers.beta.address is missing: the firewall"],
  ["a correct map", { servers: "{}x" }, "servers has a mistake: it is no map of servers by name"],
])("it needs %s", (_, wrong, problem) => {
  expect(check({ ...complete, ...wrong }).problems).toContainEqual(expect.stringContaining(problem));
});

test("a managed certificate is accepted where the data server alone has the site's ports", () => {
  const one = { ...servers, beta: { ...servers.beta, roles: [] } };
  expect(check({ ...complete, tls: "self-signed", servers: JSON.stringify(one) }).problems).toEqual([]);
});
