import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LockedImages } from "../../../components/build/locked-images";
import { LOCK_FILE, readLock, writeLock } from "../../../components/model/image-lock";
import { type ProgramImages, programImages } from "../../../components/model/program-images";
import type { LookedUp, LookUp } from "../../../components/remote/registry/look-up";

const [OLD, NEW] = [`sha256:${"0a".repeat(32)}`, `sha256:${"1b".repeat(32)}`] as const;
const POSTGRES = "postgres:16-alpine";

let folder: string;
let asked: LookUp[];
let registry: LookedUp["found"];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-images-"));
  asked = [];
  registry = {};
  vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  vi.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** The images of a program that runs in the folder. */
function program(known: Partial<ProgramImages> = {}): LockedImages {
  const lookUp = (question: LookUp): LookedUp => {
    asked.push(structuredClone(question));
    const found = Object.fromEntries(
      question.images.map((image) => [
        image,
        registry[image] ?? ({ problem: "unreachable", detail: "ENOTFOUND" } as const),
      ]),
    );
    return { found, unreachable: ["docker.io"] };
  };
  return new LockedImages({ folder, known: { byTag: [], ...known }, lookUp });
}

function lock(images: Record<string, string>): void {
  writeLock(
    folder,
    new Map(Object.entries(images).map(([image, digest]) => [image, { digest, resolved: "2026-01-02" }])),
  );
}

const UP: ProgramImages["lookUp"] = { write: true, routes: {} };
const PLAN: ProgramImages["lookUp"] = { write: false, routes: {} };

describe("an image in the lock", () => {
  test("has its tag and its digest, whoever deploys", () => {
    lock({ [POSTGRES]: OLD });
    for (const known of [{}, { lookUp: UP }]) {
      expect(program(known).image("postgres", POSTGRES)).toBe(`${POSTGRES}@${OLD}`);
    }
    expect(asked).toEqual([]);
  });

  test("with a digest of its own keeps it", () => {
    lock({ [POSTGRES]: OLD });
    expect(program().image("postgres", `${POSTGRES}@${NEW}`)).toBe(`${POSTGRES}@${NEW}`);
  });

  test("of a Dockerfile gets its digest, and the plan knows what the image is built from", () => {
    lock({ "node:24": OLD, "nginx:alpine": NEW });
    const images = program();
    const text = images.dockerfile("web", "ARG BASE\nFROM node:24 AS built\nFROM $BASE\n", { BASE: "nginx:alpine" });
    expect(text).toBe(`ARG BASE\nFROM node:24@${OLD} AS built\nFROM nginx:alpine@${NEW}\n`);
    expect(images.bases()).toEqual([`web nginx:alpine@${NEW}`, `web node:24@${OLD}`]);
  });

  test("is not looked up again", () => {
    lock({ [POSTGRES]: OLD });
    registry = { [POSTGRES]: { digest: NEW } };
    expect(program({ lookUp: UP }).image("postgres", POSTGRES)).toBe(`${POSTGRES}@${OLD}`);
    expect(readLock(folder).get(POSTGRES)?.digest).toBe(OLD);
  });
});

describe("an image that the lock lacks", () => {
  test("is used by its tag by plain Pulumi, with a warning that names the remedy", () => {
    const images = program();
    expect(images.image("postgres", POSTGRES)).toBe(POSTGRES);
    expect(images.dockerfile("web", "FROM node:24\n", {})).toBe("FROM node:24\n");
    images.report();
    expect(pulumi.log.warn).toHaveBeenCalledExactlyOnceWith(
      `berth.lock lacks base images, so their tags decide which builds run: ${POSTGRES}, node:24. To lock them: npx berth update`,
    );
    expect(asked).toEqual([]);
  });

  test("is looked up once and added to the lock in a deployment by berth", () => {
    lock({ "node:24": OLD });
    registry = { [POSTGRES]: { digest: NEW } };
    const images = program({ lookUp: UP });
    expect(images.image("postgres", POSTGRES)).toBe(`${POSTGRES}@${NEW}`);
    expect(images.dockerfile("backups", `FROM ${POSTGRES}\n`, {})).toBe(`FROM ${POSTGRES}@${NEW}\n`);
    expect(asked).toHaveLength(1);
    expect([...readLock(folder)]).toEqual([
      ["node:24", { digest: OLD, resolved: "2026-01-02" }],
      [POSTGRES, { digest: NEW, resolved: new Date().toISOString().slice(0, 10) }],
    ]);
    images.report();
    expect(pulumi.log.info).toHaveBeenCalledWith(`Added to berth.lock: ${POSTGRES}. Commit it.`);
    expect(pulumi.log.warn).not.toHaveBeenCalled();
  });

  test("is looked up for a plan, which writes nothing", () => {
    registry = { [POSTGRES]: { digest: NEW } };
    expect(program({ lookUp: PLAN }).image("postgres", POSTGRES)).toBe(`${POSTGRES}@${NEW}`);
    expect(readLock(folder).size).toBe(0);
  });

  test("is used by its tag where the registry is not reached, with the reason, and the lock stays as it is", () => {
    lock({ "node:24": OLD });
    const before = readFileSync(join(folder, LOCK_FILE), "utf8");
    const images = program({ lookUp: UP });
    expect(images.image("postgres", POSTGRES)).toBe(POSTGRES);
    expect(images.image("redis", "redis:7-alpine")).toBe("redis:7-alpine");
    images.report();
    expect(pulumi.log.warn).toHaveBeenCalledWith(expect.stringContaining(`${POSTGRES} (ENOTFOUND)`));
    expect(readFileSync(join(folder, LOCK_FILE), "utf8")).toBe(before);
    // What did not answer once is not waited for again.
    expect(asked.map(({ routes }) => routes.unreachable)).toEqual([[], ["docker.io"]]);
  });
});

test("a look-up that fails does not fail the deployment", () => {
  const lookUp = () => {
    throw new Error("Command failed: node\n");
  };
  const images = new LockedImages({ folder, known: { byTag: [], lookUp: UP }, lookUp });
  expect(images.image("postgres", POSTGRES)).toBe(POSTGRES);
  images.report();
  expect(pulumi.log.warn).toHaveBeenCalledWith(expect.stringContaining(`${POSTGRES} (Command failed: node)`));
});

describe("an image that is deployed by its tag, from before the lock", () => {
  const byTag = [{ name: "postgres", reference: POSTGRES, digest: OLD }];

  test("is locked with the digest that the server has, without a look-up, and keeps its reference", () => {
    registry = { [POSTGRES]: { digest: NEW } };
    const images = program({ byTag, lookUp: UP });
    expect(images.image("postgres", POSTGRES)).toBe(POSTGRES);
    expect(readLock(folder).get(POSTGRES)?.digest).toBe(OLD);
    expect(asked).toEqual([]);
    // What is built from it gets the digest.
    expect(images.dockerfile("backups", `FROM ${POSTGRES}\n`, {})).toBe(`FROM ${POSTGRES}@${OLD}\n`);
  });

  test("gets the reference of the lock once its digest is another one", () => {
    lock({ [POSTGRES]: NEW });
    expect(program({ byTag }).image("postgres", POSTGRES)).toBe(`${POSTGRES}@${NEW}`);
  });

  test("does not decide the reference of another resource", () => {
    lock({ [POSTGRES]: OLD });
    expect(program({ byTag }).image("second", POSTGRES)).toBe(`${POSTGRES}@${OLD}`);
  });
});

test("all base images are listed for an update", () => {
  const list = join(folder, "list");
  const images = program({ list });
  images.image("postgres", POSTGRES);
  images.dockerfile("web", "FROM node:24\nCOPY --from=busybox:1 a b\n", {});
  images.report();
  expect(JSON.parse(readFileSync(list, "utf8"))).toEqual(["busybox:1", "node:24", POSTGRES]);
});

test("an invalid lock refuses the deployment", () => {
  writeFileSync(join(folder, LOCK_FILE), "<<<<<<< HEAD\n");
  expect(() => program()).toThrow(pulumi.RunError);
});

test("a program knows what berth passes to it, and nothing without berth", () => {
  const file = join(folder, "known");
  writeFileSync(file, JSON.stringify({ lookUp: UP, byTag: [{ name: "a", reference: "b", digest: "c" }] }));
  expect(programImages(file)).toEqual({ lookUp: UP, byTag: [{ name: "a", reference: "b", digest: "c" }] });
  expect(programImages("")).toEqual({ byTag: [] });
});
