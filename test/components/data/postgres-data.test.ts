import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { dataOf, mountOf } from "../../../components/data/postgres-data";
import { type Container, containerOf } from "../../../components/policy/container.mjs";
import { versionProblem } from "../../../components/policy/postgres.mjs";
import { type Asked, collecting, collectOptions, type Registered, resolved } from "../../support/mocks";

/** A resource to attribute errors to. */
const nothing = undefined as unknown as pulumi.Resource;

describe("the data of a PostgreSQL server", () => {
  test("is on the volume of the given name", () => {
    expect(dataOf(undefined, "data", "postgres:16-alpine", nothing)).toEqual({ volumes: ["data"], consent: "" });
  });

  test("is on a volume per version after an upgrade, and earlier volumes are kept", () => {
    expect(dataOf("15 -> 17", "data", "postgres:17-alpine", nothing)).toEqual({
      volumes: ["data", "data_17"],
      consent: "15 -> 17",
    });
    expect(dataOf("13->15->17", "data", "registry.example.org:5000/postgres@sha256:ab", nothing)).toEqual({
      volumes: ["data", "data_15", "data_17"],
      consent: "15 -> 17",
    });
  });

  test.each([
    ["17", "postgres:17-alpine", "must name major versions"],
    ["17 -> 15", "postgres:15-alpine", "must name major versions"],
    ["yes", "postgres:17-alpine", "must name major versions"],
    ["15 -> 16", "postgres:17-alpine", "must be that of the image"],
    ["15 -> 16", "postgres:17", "must be that of the image"],
    ["15 -> 16", "postgres:17.2-bookworm", "must be that of the image"],
    ["15 -> 16", "postgres:17rc1-alpine", "must be that of the image"],
    ["15 -> 17", "postgres:18beta1", "must be that of the image"],
    ["15 -> 17", "timescale/timescaledb:2.17-pg16", "must be that of the image"],
    ["15 -> 16", "registry.example.org:5000/postgres:17-alpine", "must be that of the image"],
    ["15 -> 16", `postgres:17-alpine@sha256:${"0f".repeat(32)}`, "must be that of the image"],
  ])("%s with %s is refused", (way, image, message) => {
    expect(() => dataOf(way, "data", image, nothing)).toThrow(message);
  });

  test.each([
    ["the same version", "postgres:17.2-alpine"],
    ["the same version before its release", "postgres:17rc1"],
    ["no tag", "postgres"],
    ["no tag, in a registry", "registry.example.org:5000/postgres"],
    ["a digest alone", `postgres@sha256:${"ab".repeat(32)}`],
    ["a digest alone that begins with digits", `postgres@sha256:${"16".repeat(32)}`],
    ["a name", "postgres:latest"],
    ["a version after a name", "timescale/timescaledb-ha:pg17"],
    ["the version of an image of one's own", "shop/postgres:v3"],
    ["the hash of its sources", "shop/postgres:16bc9c32bdf7"],
    ["the day it was built", "shop/postgres:20261127"],
  ])("an upgrade is accepted for an image with %s: the server verifies it", (_, image) => {
    expect(dataOf("15 -> 17", "data", image, nothing).consent).toBe("15 -> 17");
  });
});

describe("F05: the volume of a server", () => {
  test.each([
    ["postgres:18-alpine", "/var/lib/postgresql"],
    ["postgres:18.1-trixie", "/var/lib/postgresql"],
    ["pgvector/pgvector:pg18", "/var/lib/postgresql"],
    ["timescale/timescaledb:2.24-pg18", "/var/lib/postgresql"],
    ["postgis/postgis:19-3.6", "/var/lib/postgresql"],
    ["postgres:17-alpine", "/var/lib/postgresql/data"],
    ["pgvector/pgvector:pg17", "/var/lib/postgresql/data"],
    ["timescale/timescaledb:2.18-pg17", "/var/lib/postgresql/data"],
    ["shop/postgres:v3", "/var/lib/postgresql/data"],
    ["shop/postgres:20261127", "/var/lib/postgresql/data"],
    [`postgres@sha256:${"18".repeat(32)}`, "/var/lib/postgresql/data"],
  ])("of %s is mounted at %s", (image, mount) => {
    expect(mountOf(image)).toBe(mount);
  });
});

describe("a plan", () => {
  const urn = "urn:pulumi:prod::mailtracker::berth:data:Postgres$docker:index/container:Container::postgres";
  const before = [{ type: "docker:index/container:Container", urn, inputs: { image: "postgres:15-alpine" } }];
  const made = (image: string, labels: Container["labels"] = []): Container =>
    containerOf(urn, { image, labels, command: ["postgres", "-c", "a=1"] });
  const consent = (value: string) => [{ label: "berth.upgrade", value }];

  test("is refused when PostgreSQL would start with data of another major version", () => {
    expect(versionProblem(made("postgres:17-alpine"), before)).toContain(
      'consent to the upgrade ("15 -> 17"), or keep 15',
    );
    expect(versionProblem(made("postgres:17-alpine", consent("16 -> 17")), before)).toContain('"15 -> 17"');
    expect(versionProblem(made("postgres:14-alpine"), before)).toMatch(/: keep 15 /);
  });

  test("is accepted with consent, with an unchanged version, and without existing data", () => {
    expect(versionProblem(made("postgres:17-alpine", consent("15 -> 17")), before)).toBeUndefined();
    expect(versionProblem(made("postgres:15.9-alpine"), before)).toBeUndefined();
    expect(versionProblem(made("postgres:17-alpine"), [])).toBeUndefined();
    expect(versionProblem({ ...made("adminer:5"), command: [] }, before)).toBeUndefined();
  });
});

describe("an upgrade", () => {
  let registered: Registered[];
  let asked: Asked[];

  beforeAll(async () => {
    registered = await collecting();
    const berth = await import("../../../components/index.js");
    let login: pulumi.Output<string> | undefined;
    await pulumi.runtime.runInPulumiStack(async () => {
      asked = collectOptions();
      login = berth.stack({ settings: {} }, (stack) => {
        const database = new berth.Postgres("db", {
          networks: [new berth.Network("back", { stack, internal: true })],
          database: "mail",
          user: "owner",
          image: "postgres:17-alpine",
          upgrade: "15 -> 17",
        });
        return database.login;
      });
      return {};
    });
    await resolved(pulumi.output(login));
  });

  test("runs before the server's container, which then uses the new volume; the old volume is kept", () => {
    const at = (name: string, kind: string) =>
      registered.findIndex((one) => one.name === name && one.type.endsWith(`:${kind}`));
    expect(at("db-data", "Command")).toBeGreaterThan(at("db-data_17", "Volume"));
    expect(at("db-data", "Command")).toBeLessThan(at("db", "Container"));
    expect(registered[at("db", "Container")]?.inputs.mounts).toMatchObject([{ source: "mailtracker-test-db-data_17" }]);
    expect(at("db-data", "Volume")).toBeGreaterThanOrEqual(0);
    const volumes = asked.filter(({ type }) => type === "docker:index/volume:Volume");
    expect(volumes.map(({ opts }) => opts.retainOnDelete)).toEqual([true, true]);
  });

  test("F35: checks the sort order of the image, and knows where the volume is mounted", () => {
    const command = registered.find(({ name, type }) => name === "db-data" && type.endsWith(":Command"));
    const script = JSON.stringify(command?.inputs.environment);
    expect(script).toMatch(/mount=\S*\/var\/lib\/postgresql\/data\S* pgdata=/);
    expect(script).toContain("require_same_order");
  });

  test("receives the consent and the server's command", () => {
    const command = registered.find(({ name, type }) => name === "db-data" && type.endsWith(":Command"));
    expect(JSON.stringify(command?.inputs.environment)).toContain(
      "postgres:17-alpine mailtracker-test-db-data_17 70:70 256 '15 -> 17' postgres -c",
    );
  });
});
