import { execaSync } from "execa";
import { expect, test } from "vitest";

const facts = (state: unknown) =>
  execaSync("node", ["operate/stack-facts.mts"], { input: JSON.stringify(state) }).stdout.split("\n");
const container = (name: string, more = {}) => ({
  type: "docker:index/container:Container",
  outputs: { name },
  ...more,
});

test("a state tells how the engine is reached, the address, the release and the containers", () => {
  const resources = [
    { type: "pulumi:pulumi:Stack", outputs: { url: "https://mail.example.org", release: "abc" } },
    { type: "berth:host:Server", outputs: { address: "203.0.113.7", reach: "ssh -T 203.0.113.7" } },
    container("backend-1"),
    container("backend-0", { delete: true }),
    container("nginx"),
  ];
  expect(facts({ deployment: { resources } })).toEqual([
    "ssh -T 203.0.113.7",
    "https://mail.example.org",
    "abc",
    "backend-1 nginx",
    "backend-0",
  ]);
});

test("what is known after a first `up` that failed is enough to look further", () => {
  const resources = [{ type: "pulumi:pulumi:Stack" }, { type: "berth:host:Server", outputs: { reach: "" } }];
  expect(facts({ deployment: { resources } })).toEqual(["", "", "", "", ""]);
});

test("a stack without anything is told from one whose server is not known", () => {
  expect(facts({ deployment: {} })[0]).toBe("nothing deployed");
  expect(facts({ deployment: { resources: [{ type: "pulumi:pulumi:Stack" }] } })[0]).toBe("unknown");
});
