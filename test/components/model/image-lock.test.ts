import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  formatLock,
  type ImageLock,
  lockedNow,
  lockedReference,
  parseLock,
  readLock,
  writeLock,
} from "../../../components/model/image-lock";

const [OLD, NEW] = [`sha256:${"0a".repeat(32)}`, `sha256:${"1b".repeat(32)}`];
const lock: ImageLock = new Map([
  ["restic/restic:0.19.1", { digest: NEW, resolved: "2026-11-27" }],
  ["postgres:16-alpine", { digest: OLD, resolved: "2026-01-02" }],
]);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-lock-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("the lock is YAML, sorted by image", () => {
  const [head, ...lines] = formatLock(lock).split("\n");
  expect(head).toMatch(/^# Base images by digest\..*Commit this file\.$/);
  expect(lines).toEqual([
    "images:",
    "  postgres:16-alpine:",
    `    digest: ${OLD}`,
    "    resolved: 2026-01-02",
    "  restic/restic:0.19.1:",
    `    digest: ${NEW}`,
    "    resolved: 2026-11-27",
    "",
  ]);
});

test("a written lock is read again, and leaves no other file", () => {
  writeLock(folder, lock);
  expect(readLock(folder)).toEqual(new Map([...lock].reverse()));
  expect(readdirSync(folder)).toEqual(["berth.lock"]);
});

test("the order of entries does not change the file", () => {
  writeLock(folder, new Map([...lock].reverse()));
  expect(readFileSync(join(folder, "berth.lock"), "utf8")).toBe(formatLock(lock));
});

test("a project without a lock has no locked images, and neither has an empty lock", () => {
  expect(readLock(folder)).toEqual(new Map());
  writeFileSync(join(folder, "berth.lock"), "images:\n");
  expect(readLock(folder)).toEqual(new Map());
});

test.each([
  ["images:\n  a:1: { digest: sha256:abc, resolved: 2026-11-27 }\n", "images / a:1 / digest"],
  ["images:\n  a:1: { resolved: 2026-11-27 }\n", "images / a:1 / digest"],
  [`images:\n  a:1: { digest: ${OLD}, resolved: soon }\n`, "images / a:1 / resolved"],
  ["image: {}\n", "its top level"],
  ["<<<<<<< HEAD\nimages:\n", "cannot be read"],
])("an invalid lock is refused with the place and what to do: %j", (text, place) => {
  expect(() => parseLock(text)).toThrow(place);
  expect(() => parseLock(text)).toThrow("restore it from version control");
});

test("a locked image has its tag and its digest, and an unknown one has no reference", () => {
  expect(lockedReference(lock, "postgres:16-alpine")).toBe(`postgres:16-alpine@${OLD}`);
  expect(lockedReference(lock, "postgres:17-alpine")).toBeUndefined();
});

test("an unchanged digest keeps the day on which it was looked up", () => {
  const before = { digest: OLD, resolved: "2026-01-02" };
  const now = new Date("2026-11-27T10:00:00Z");
  expect(lockedNow(OLD, before, now)).toEqual(before);
  expect(lockedNow(NEW, before, now)).toEqual({ digest: NEW, resolved: "2026-11-27" });
});
