import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import * as berth from "../../../components";
import { specProblems } from "../../../components/app/container-problems";
import { type Asked, collecting, collectOptions } from "../../support/mocks";
import { registeredContainer } from "../../support/registered-container";

interface Inputs {
  networksAdvanced: { name: string; aliases: string[] }[];
}

/** A container of a stack with these aliases for its database, as the program requests it. */
async function containerOf(name: string, aliases?: string[]) {
  const registered = await collecting();
  let asked: Asked[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    berth.stack({ settings: {} }, (stack) => {
      const networks = [new berth.Network("back", { stack })];
      new berth.Postgres("postgres", { networks, database: "mails", user: "mails_user", aliases });
      new berth.Redis("redis", { networks, aliases });
      const health = { command: ["healthy"] };
      const web = new berth.WebService("backend", { networks, image: "web:1", port: 80, health, aliases });
      new berth.Edge("nginx", { networks, image: "nginx:alpine", upstreams: { web } });
      return {};
    });
    return {};
  });
  const { inputs, spec, ignored } = await registeredContainer<Inputs>(name, registered, asked);
  return {
    names: inputs.networksAdvanced.flatMap((network) => network.aliases),
    spec,
    ignored,
  };
}

describe.each([
  ["postgres", "postgres"],
  ["redis", "redis"],
  ["backend-1", "backend"],
])("the aliases of %s", (container, name) => {
  test("are names of it beside its own", async () => {
    expect((await containerOf(container, ["db", "main"])).names).toEqual([name, "db", "main"]);
    expect((await containerOf(container)).names).toEqual([name]);
  });

  test("do not replace it: neither Docker's provider nor the fingerprint sees a change", async () => {
    const [without, given] = [await containerOf(container), await containerOf(container, ["db"])];
    expect(given.spec).toMatch(/^[0-9a-f]{16}$/);
    expect(given.spec).toBe(without.spec);
    expect(given.ignored).toEqual(["networksAdvanced[*].aliases"]);
    expect(without.ignored).toEqual([]);
  });
});

test("the containers of a stack reach nginx by the edge's name, in the sandbox that is never replaced for it", async () => {
  const { names, ignored } = await containerOf("nginx-sandbox");
  expect(names).toEqual(["nginx-sandbox", "nginx"]);
  expect(ignored).toEqual(["image", "labels", "networksAdvanced[*].aliases"]);
});

test.each(["", "Data Base", "-db", "db."])("an alias that is no host name (%j) is refused", (alias) => {
  expect(specProblems("postgres", { aliases: [alias] })).toEqual([expect.stringContaining("must be a host name")]);
  expect(specProblems("postgres", { aliases: ["db"] })).toEqual([]);
});
