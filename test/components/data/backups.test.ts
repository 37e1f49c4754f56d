import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { collecting, type Registered, resolved } from "../../support/mocks";

/** Registered resources of a stack whose backups are copied to this storage. */
async function stackWith(offsite: Record<string, string>): Promise<Registered[]> {
  const registered = await collecting();
  const berth = await import("../../../components/index.js");
  let done: pulumi.Output<string> | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    done = berth.stack({ settings: {} }, (stack) => {
      const networks = [new berth.Network("back", { stack })];
      const database = new berth.Postgres("db", { networks, database: "mail", user: "owner" });
      const storage = { endpoint: "https://s3.example.org", bucket: "b", accessKeyId: "id", secretAccessKey: "key" };
      const backups = new berth.Backups("backups", {
        networks,
        databases: [database],
        offsite: { ...storage, ...offsite },
      });
      return backups.before("1", "none").urn;
    });
    return {};
  });
  await resolved(pulumi.output(done));
  return registered;
}

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
