import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { chosen, lookAt } from "../../../../components/cli/base-images/look.mts";
import { asText } from "../../../../components/cli/base-images/text.mts";
import { Problem } from "../../../../components/model/problem";
import { FakeRegistry } from "../../../support/fake-registry";

const [OLD, NEW] = [`sha256:${"0a".repeat(32)}`, `sha256:${"1b".repeat(32)}`] as const;

let registry: FakeRegistry;
let image: string;

beforeAll(async () => {
  registry = await FakeRegistry.start();
  image = `${registry.host}/base:1`;
});

afterAll(() => registry.stop());

beforeEach(() => {
  registry.answers = {};
});

const locked = (digest: string) => new Map([[image, { digest, resolved: "2026-01-02" }]]);
/** Nothing but the registry is asked. */
const ROUTES = { unreachable: ["engine", "server"] };

/** The state of the image, with this lock. */
async function look(lock: ReturnType<typeof locked>) {
  const [first] = await lookAt([image], lock, { unreachable: [...ROUTES.unreachable] });
  return first;
}

test("an image with the digest of its registry is current", async () => {
  registry.serve("base", "1", OLD);
  expect(await look(locked(OLD))).toMatchObject({ state: "current", after: { digest: OLD, resolved: "2026-01-02" } });
});

test("an image with another digest in its registry is newer, from today", async () => {
  registry.serve("base", "1", NEW);
  const resolved = new Date().toISOString().slice(0, 10);
  expect(await look(locked(OLD))).toMatchObject({ state: "newer", after: { digest: NEW, resolved } });
});

test("an index that changed only for platforms that no server has is current", async () => {
  registry.serve("base", "1", OLD, { "linux/amd64": "a", "linux/arm64": "b", "linux/s390x": "c" });
  registry.serve("base", "1", NEW, { "linux/amd64": "a", "linux/arm64": "b", "linux/s390x": "other" });
  expect(await look(locked(OLD))).toMatchObject({ state: "current", after: { digest: OLD } });
  registry.serve("base", "1", NEW, { "linux/amd64": "a", "linux/arm64": "other" });
  expect(await look(locked(OLD))).toMatchObject({ state: "newer", after: { digest: NEW } });
});

test("an image that the lock lacks is new", async () => {
  registry.serve("base", "1", NEW);
  expect(await look(new Map())).toMatchObject({ state: "new", after: { digest: NEW } });
});

test("an image that its registry lacks keeps its entry, which is no failure of the connection", async () => {
  expect(await look(locked(OLD))).toMatchObject({ state: "unknown", after: { digest: OLD }, unreachable: false });
});

test("an image whose registry is not reached keeps its entry", async () => {
  const lock = new Map([["127.0.0.1:1/base:1", { digest: OLD, resolved: "2026-01-02" }]]);
  const [first] = await lookAt(["127.0.0.1:1/base:1"], lock, { unreachable: [...ROUTES.unreachable] });
  expect(first).toMatchObject({ state: "unknown", after: { digest: OLD }, unreachable: true });
});

test("images are chosen by reference or by name, and an unknown one is refused with the known ones", () => {
  const images = ["postgres:16-alpine", "node:24", "node:22"];
  expect(chosen([], images)).toEqual(images);
  expect(chosen(["node"], images)).toEqual(["node:24", "node:22"]);
  expect(chosen(["node:24", "node", "postgres"], images)).toEqual(["node:24", "node:22", "postgres:16-alpine"]);
  expect(() => chosen(["node:20"], images)).toThrow(Problem);
  expect(() => chosen(["redis"], images)).toThrow(
    "uses no base image redis. It uses: node:22, node:24, postgres:16-alpine.",
  );
});

const one = { reason: "", unreachable: false, ended: [] };
const before = { digest: OLD, resolved: "2026-10-18" };
const after = { digest: NEW, resolved: "2026-11-27" };
const NOW = new Date("2026-11-27T12:00:00Z");

test("an update shows what changes, with the age of the former digest, and the next step", () => {
  const images = [
    { ...one, image: "node:24", state: "newer" as const, before, after },
    { ...one, image: "restic/restic:0.19.1", state: "new" as const, after },
    { ...one, image: "nginx:alpine", state: "current" as const, before, after: before },
  ];
  const table = [
    "IMAGE                 FROM          TO            AGE",
    "node:24               0a0a0a0a0a0a  1b1b1b1b1b1b  40 days",
    "restic/restic:0.19.1  none          1b1b1b1b1b1b",
  ].join("\n");
  expect(asText("prod", { images, written: true }, NOW)).toBe(
    `${table}\n\nWrote berth.lock. To see what the release does: npx berth plan --stack prod; to deploy it: npx berth up --stack prod`,
  );
  expect(asText("prod", { images, written: false }, NOW)).toBe(
    `${table}\n\n2 base images are new or newer than in berth.lock. To update it: npx berth update --stack prod`,
  );
});

test("an update names images that were not looked up and versions without support", () => {
  const images = [
    {
      ...one,
      image: "postgres:13",
      state: "current" as const,
      before,
      ended: ["PostgreSQL 13 is not supported since 2025-11-13"],
    },
    { ...one, image: "a.example/b:1", state: "unknown" as const, before, reason: "getaddrinfo ENOTFOUND a.example" },
    { ...one, image: "c.example/d:1", state: "unknown" as const, reason: "the registry does not have it" },
  ];
  expect(asText("prod", { images, written: false }, NOW).split("\n")).toEqual([
    "Not looked up, and left as in berth.lock:",
    "  a.example/b:1: getaddrinfo ENOTFOUND a.example",
    "  c.example/d:1: the registry does not have it; its tag is used",
    "",
    "Without support, so that no security fixes follow:",
    "  postgres:13: PostgreSQL 13 is not supported since 2025-11-13",
    "",
    "1 base image is up to date.",
  ]);
});
