import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { databaseProblems } from "../../../components/data/backup-databases";
import { collecting, type Registered, resolved } from "../../support/mocks";

/** Registered resources of a stack whose backups are copied to this storage, with a second server of this image. */
async function stackWith(offsite: Record<string, string>, second?: string): Promise<Registered[]> {
  const registered = await collecting();
  const berth = await import("../../../components/index.js");
  let done: pulumi.Output<string> | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    done = berth.stack({ settings: {} }, (stack) => {
      const networks = [new berth.Network("back", { stack })];
      const database = new berth.Postgres("db", { networks, database: "mail", user: "owner" });
      const other =
        second && new berth.Postgres("search", { networks, database: "index", user: "owner", image: second });
      const storage = { endpoint: "https://s3.example.org", bucket: "b", accessKeyId: "id", secretAccessKey: "key" };
      const backups = new berth.Backups("backups", {
        networks,
        databases: [database, ...(other ? [other] : [])],
        offsite: { ...storage, ...offsite },
      });
      return backups.before("1", "none").urn;
    });
    return {};
  });
  await resolved(pulumi.output(done));
  return registered;
}

describe("several servers in one backup", () => {
  const server = (host: string, image: string) => ({ host, image });

  test("are refused where the first one's programs are older than another server", () => {
    expect(databaseProblems([server("db", "postgres:15-alpine"), server("search", "pgvector/pgvector:pg17")])).toEqual([
      "databases names db first, and pg_dump of its PostgreSQL 15 cannot read search (PostgreSQL 17): name the newest server first",
    ]);
  });

  test.each([
    ["postgres:17-alpine", "postgres:15-alpine"],
    ["postgres:16-alpine", "postgres:16"],
    ["registry.example.org/own:3", "postgres:17"],
  ])("are accepted as %s and %s", (first, other) => {
    expect(databaseProblems([server("db", first), server("search", other)])).toEqual([]);
  });

  test("are all given to the backup container, each with a role of its own", async () => {
    const container = (await stackWith({}, "postgres:16-alpine")).find(
      ({ name, type }) => name === "backups" && type === "docker:index/container:Container",
    );
    expect(JSON.stringify(container?.inputs)).toContain("DATABASES=db:mail:mail_backups search:index:index_backups");
  });
});

const AUTHORITY = "-----BEGIN CERTIFICATE-----";

describe("F12: storage with a region and an authority of its own", () => {
  let plain: string;
  let own: string;

  /** All inputs as text; the gate copies files as archives in base64. */
  const inputsOf = (registered: Registered[]) =>
    registered
      .filter(({ name }) => name.startsWith("backups"))
      .flatMap(({ inputs }) => [
        JSON.stringify(inputs),
        ...String(inputs["stdin"] ?? "")
          .split(/\s+/)
          .map(decoded),
      ])
      .join("\n");
  const decoded = (word: string) => Buffer.from(word, "base64").toString("latin1");

  beforeAll(async () => {
    plain = inputsOf(await stackWith({}));
    own = inputsOf(await stackWith({ region: "eu-central-1", authority: AUTHORITY }));
  });

  test("is what the backup container is given", () => {
    expect(own).toContain("AWS_DEFAULT_REGION=eu-central-1");
    expect(own).toContain("s3-authority");
    expect(own).toContain(AUTHORITY);
  });

  test("is the storage's answer and the public authorities otherwise", () => {
    expect(plain).not.toContain("AWS_DEFAULT_REGION");
    expect(plain).not.toContain("s3-authority");
  });
});
