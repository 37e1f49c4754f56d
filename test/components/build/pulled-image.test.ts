import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { LockedImages, pinnedDockerfile } from "../../../components/build/locked-images";
import { writeLock } from "../../../components/model/image-lock";
import type { ProgramImages } from "../../../components/model/program-images";
import { collecting, type Registered, resolved } from "../../support/mocks";

const [OLD, NEW] = [`sha256:${"0a".repeat(32)}`, `sha256:${"1b".repeat(32)}`] as const;
const POSTGRES = "postgres:16-alpine";
const BY_TAG = [{ name: "db", reference: POSTGRES, digest: OLD }];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-pulled-"));
  vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The resources of a stack with a database, whose project has a lock with this digest, or none. */
async function databaseWith(digest?: string, byTag: ProgramImages["byTag"] = []): Promise<Registered[]> {
  writeLock(folder, new Map(digest === undefined ? [] : [[POSTGRES, { digest, resolved: "2026-01-02" }]]));
  const registered = await collecting({}, { images: new LockedImages({ folder, known: { byTag } }) });
  const berth = await import("../../../components/index.js");
  let login: pulumi.Output<string> | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    login = berth.stack({ settings: {} }, (stack) => {
      const networks = [new berth.Network("back", { stack })];
      return new berth.Postgres("db", { networks, database: "mail", user: "owner" }).login;
    });
    return {};
  });
  await resolved(pulumi.output(login));
  return registered;
}

/** What decides whether a deployed database is replaced: the inputs of its image, data, container and gate. */
function databaseIn(registered: Registered[]): Record<string, unknown> {
  const own = registered.filter(({ name }) => /^db(-data|-healthy)?$/.test(name));
  return Object.fromEntries(own.map(({ type, name, inputs }) => [`${type} ${name}`, inputs]));
}

const CONTAINER = "docker:index/container:Container db";
const IMAGE = "docker:index/remoteImage:RemoteImage db";

test("a container is pulled and created by tag and digest", { timeout: 60_000 }, async () => {
  const database = databaseIn(await databaseWith(OLD));
  expect(database[IMAGE]).toMatchObject({ name: `${POSTGRES}@${OLD}` });
  expect(database[CONTAINER]).toMatchObject({ image: `${POSTGRES}@${OLD}` });
});

test("the lock does not replace a container that runs the locked image by its tag, but another digest does", {
  timeout: 60_000,
}, async () => {
  const before = databaseIn(await databaseWith());
  expect(before[CONTAINER]).toMatchObject({ image: POSTGRES });
  expect(databaseIn(await databaseWith(OLD, BY_TAG))).toEqual(before);

  const newer = databaseIn(await databaseWith(NEW, BY_TAG));
  expect(newer[IMAGE]).toMatchObject({ name: `${POSTGRES}@${NEW}` });
  expect(newer[CONTAINER]).toMatchObject({ image: `${POSTGRES}@${NEW}` });
});

test("a Dockerfile is pinned by the lock of the project", async () => {
  writeLock(folder, new Map([[POSTGRES, { digest: NEW, resolved: "2026-01-02" }]]));
  await collecting({}, { images: new LockedImages({ folder, known: { byTag: [] } }) });
  expect(pinnedDockerfile("backups", `FROM ${POSTGRES}\n`)).toBe(`FROM ${POSTGRES}@${NEW}\n`);
});
