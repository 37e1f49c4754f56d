import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import type { PointInTime } from "../../../components";
import { archiveProblems } from "../../../components/data/backup-databases";
import { collecting, type Registered, resolved } from "../../support/mocks";

const CONTAINER = "docker:index/container:Container";

/** Registered resources of a stack with a database and backups. */
async function stackWith(pointInTime?: PointInTime): Promise<Registered[]> {
  const registered = await collecting();
  const berth = await import("../../../components/index.js");
  let done: pulumi.Output<string> | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    done = berth.stack({ settings: {} }, (stack) => {
      const networks = [new berth.Network("back", { stack })];
      const database = new berth.Postgres("db", { networks, database: "mail", user: "owner" });
      const backups = new berth.Backups("backups", { networks, databases: [database], pointInTime });
      return backups.before("1", "none").urn;
    });
    return {};
  });
  await resolved(pulumi.output(done));
  return registered;
}

describe("point-in-time recovery", () => {
  let off: Registered[];
  let on: Registered[];
  let probing: Registered[];
  const inputsOf = (all: Registered[], name: string, type?: string) =>
    all.find((one) => one.name === name && (type === undefined || one.type === type))?.inputs;

  beforeAll(async () => {
    off = await stackWith();
    on = await stackWith({ days: 7, walLimit: 512 });
    probing = await stackWith({ days: 7, probe: true });
  });

  test("does not change the database's container, so it is turned on without downtime", () => {
    expect(inputsOf(on, "db", CONTAINER)).toEqual(inputsOf(off, "db", CONTAINER));
    expect(inputsOf(off, "db", CONTAINER)).toBeDefined();
  });

  test("lets the reader receive WAL, and reverts that when it is turned off", () => {
    const { environment } = inputsOf(on, "db-backups-archive") as { environment: Record<string, string> };
    expect(environment["RUN"]).toContain("mail_backups");
    expect(environment["RUN"]).toContain("512");
    expect(environment["UNDO"]).toContain("pg_drop_replication_slot");
    expect(inputsOf(off, "db-backups-archive")).toBeUndefined();
  });

  test("makes the probe's table only if it is asked for, and drops it when it no longer is", () => {
    const { environment } = inputsOf(probing, "db-backups-probe") as { environment: Record<string, string> };
    expect(environment["RUN"]).toContain("CREATE TABLE IF NOT EXISTS probe");
    expect(environment["UNDO"]).toContain("DROP TABLE probe");
    expect(environment["UNDO"]).not.toContain("CASCADE");
    expect(inputsOf(on, "db-backups-probe")).toBeUndefined();
    expect(JSON.stringify(inputsOf(probing, "backups", CONTAINER))).toContain("PROBE");
  });

  test("is known to the backup container, and to the alerts by a label", () => {
    const container = JSON.stringify(inputsOf(on, "backups", CONTAINER));
    expect(container).toContain("POINT_IN_TIME_DAYS=7");
    expect(container).toContain("berth.pointInTime");
    expect(container).not.toContain("PROBE");
    expect(JSON.stringify(inputsOf(off, "backups", CONTAINER))).not.toMatch(/POINT_IN_TIME|pointInTime/);
  });

  test("needs one version of PostgreSQL, which is 13 or newer", () => {
    const problems = (...images: string[]) =>
      archiveProblems(images.map((image, index) => ({ host: `db${index}`, image })));
    expect(problems("postgres:16", "pgvector/pgvector:pg16")).toEqual([]);
    expect(problems("postgres:12")).toEqual(["pointInTime needs PostgreSQL 13 or newer, and db0 has 12"]);
    expect(problems("postgres:17", "postgres:16")).toEqual([expect.stringContaining("db0 has 17, db1 16")]);
  });
});
