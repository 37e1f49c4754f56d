import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import * as berth from "../../../components";
import { DOOR_VERSION } from "../../../components/door/door";
import { doorNames, doorProblems } from "../../../components/door/names";
import { DOOR_IMAGE } from "../../../components/model/door";
import { type Asked, collecting, collectOptions, type Registered, resolved } from "../../support/mocks";

const printed = {
  "edge-door-joined": "The front door has the address 172.20.0.2 in the network of the sites.",
};
const settings = { siteName: "Shop.example.org", allowedHosts: '["www.example.org","192.0.2.7"]', frontDoor: "true" };
let registered: Registered[];
let asked: Asked[];
let url = "";

beforeAll(async () => {
  registered = await collecting(settings, { project: "shop", stack: "prod", printed });
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    url = await resolved(
      berth.stack({ settings: {} }, (stack) => {
        const networks = [new berth.Network("front", { stack })];
        const app = new berth.WebService("app", {
          networks,
          image: "app:1",
          port: 3000,
          health: { command: ["true"] },
        });
        const redirects = { "old.example.org": "shop.example.org" };
        const args = { networks, image: "nginx:alpine", upstreams: { app }, redirects };
        return new berth.Edge("edge", { ...stack.config.edge, ...args });
      }).url,
    );
    return {};
  });
});

const named = (name: string) => registered.filter((one) => one.name === name);
const container = (name: string) => named(name).find(({ type }) => type.endsWith(":Container"))?.inputs;
const environment = (name: string) => named(name)[0]?.inputs["environment"] as Record<string, string>;

describe("a site behind the front door", () => {
  test("publishes no ports, and is in the front door's network by the name of its stack", () => {
    expect(container("edge-sandbox")?.["ports"]).toBeUndefined();
    expect(container("edge-sandbox")?.["networksAdvanced"]).toEqual([
      { name: "front-a1b2c3d", aliases: ["edge-sandbox", "edge"] },
      { name: "berth-door", aliases: ["shop-prod.door"] },
    ]);
    expect(url).toBe("http://Shop.example.org");
  });

  test("is routed by its host names and those that redirect to it, in lower case and without addresses", () => {
    const words = environment("edge-door-routed")["RUN"];
    expect(words).toContain(
      `${DOOR_VERSION} haproxy:3.2-alpine edge-id shop prod old.example.org shop.example.org www.example.org`,
    );
    expect(words).not.toContain("192.0.2.7");
  });

  test("takes the visitor's address from the front door only", () => {
    const stdin = String(named("edge-healthy")[0]?.inputs["stdin"]);
    const archive = stdin.split("\n").find((line) => line.startsWith("/etc/nginx ")) ?? "";
    const conf = Buffer.from(archive.split(" ")[1] ?? "", "base64").toString();
    expect(conf).toContain("set_real_ip_from 172.20.0.2;");
    expect(conf).toContain("listen 80 default_server reuseport proxy_protocol;");
    expect(container("edge")?.["labels"]).toContainEqual({ label: "berth.behindDoor", value: "true" });
  });

  test("removes its route before its nginx, and the front door after its sandbox", () => {
    for (const name of ["edge-door-joined", "edge-door-routed"]) {
      expect(named(name)[0]?.inputs["delete"], name).toContain("UNDO");
      // A replacement would run the removal after the new route is written.
      expect(named(name)[0]?.inputs["triggers"], name).toBeUndefined();
    }
    const order = registered.map(({ name }) => name);
    expect(order.indexOf("edge-door-joined")).toBeLessThan(order.indexOf("edge-sandbox"));
    expect(order.indexOf("edge-healthy")).toBeLessThan(order.indexOf("edge-door-routed"));
    expect(order.indexOf("edge-door-routed")).toBeLessThan(order.indexOf("release-handed-over"));
  });

  test("keeps no part of the front door in the stack", () => {
    const types = asked.filter(({ name }) => name.includes("door")).map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(["berth:door:Door", "command:local:Command"]));
  });
});

test("another configuration or image of the front door has another version", () => {
  const cfg = readFileSync("components/door/haproxy.cfg", "utf8");
  const fingerprint = createHash("sha256").update(`${DOOR_IMAGE}\n${cfg}`).digest("hex").slice(0, 12);
  // If this fails, raise DOOR_VERSION and write the new fingerprint here: servers replace only a front door of a lower version.
  expect({ version: DOOR_VERSION, fingerprint }).toEqual({ version: 2, fingerprint: "135a52684566" });
});

describe("names", () => {
  test("are those of the certificate in the form of DNS", () => {
    expect(doorNames(["Bücher.example", "::1", "a.test", "A.test"], { "www.a.test": "a.test" })).toEqual([
      "a.test",
      "www.a.test",
      "xn--bcher-kva.example",
    ]);
  });

  test.each([
    [[], "shop-prod", "has no host name"],
    [["a b"], "shop-prod", 'frontDoor: "a b" must be a host name'],
    [["*.*.test"], "shop-prod", "must be a host name such as"],
    [["a.test"], "x".repeat(64), "Use shorter names"],
  ])("%j of the stack %s are refused", (names, stack, problem) => {
    expect(doorProblems(names, stack)).toEqual([expect.stringContaining(problem)]);
  });

  test("may be all names one level below another", () => {
    expect(doorProblems(["*.example.org", "example.org"], "shop-prod")).toEqual([]);
  });
});
