import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

/** The file beside Pulumi.yaml that pins base images by digest. */
export const LOCK_FILE = "berth.lock";

/** The digest of a base image. */
export interface LockedImage {
  /** `sha256:…` of the index of all platforms, or of the image if the registry has no index. */
  digest: string;
  /** Day on which the digest was looked up, e.g. `2026-11-27`. */
  resolved: string;
}

/** The locked images by their references, as Dockerfiles and components write them, e.g. `postgres:16-alpine`. */
export type ImageLock = ReadonlyMap<string, LockedImage>;

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const File = z.strictObject({
  images: z.record(z.string(), z.strictObject({ digest: z.string().regex(DIGEST), resolved: z.iso.date() })).nullish(),
});

/** @throws Error that names the wrong entry, e.g. after a merge conflict. */
export function parseLock(text: string): ImageLock {
  const parsed = File.safeParse(parsedYaml(text) ?? {});
  if (parsed.success) return new Map(Object.entries(parsed.data.images ?? {}));
  const [issue] = parsed.error.issues;
  throw new Error(
    `${LOCK_FILE} is invalid at ${issue?.path.join(" / ") || "its top level"}: ${issue?.message}. ${ADVICE}`,
  );
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${LOCK_FILE} cannot be read: ${error instanceof Error ? error.message : error} ${ADVICE}`);
  }
}

const ADVICE = "Correct it, or restore it from version control.";

/** The lock as text: sorted, so that changes of different images merge. */
export function formatLock(lock: ImageLock): string {
  const images = Object.fromEntries(
    [...lock]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([reference, { digest, resolved }]) => [reference, { digest, resolved }]),
  );
  return `${HEAD}${stringify({ images }, { lineWidth: 0 })}`;
}

const HEAD = `# Base images by digest. npx berth up adds missing ones, npx berth update looks for newer ones. Commit this file.\n`;

/** Reads the lock in a folder; empty without one. @throws Error if it is invalid. */
export function readLock(folder = "."): ImageLock {
  const file = join(folder, LOCK_FILE);
  return existsSync(file) ? parseLock(readFileSync(file, "utf8")) : new Map();
}

/** Writes the lock into a folder, in one step. */
export function writeLock(folder: string, lock: ImageLock): void {
  const file = join(folder, LOCK_FILE);
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, formatLock(lock));
  renameSync(temporary, file);
}

/** The entry for a digest that was looked up now. An unchanged digest keeps its day. */
export function lockedNow(digest: string, before?: LockedImage, now = new Date()): LockedImage {
  return before?.digest === digest ? before : { digest, resolved: now.toISOString().slice(0, 10) };
}

/** `postgres:16-alpine@sha256:…`; undefined if the lock does not have the image. */
export function lockedReference(lock: ImageLock, reference: string): string | undefined {
  const entry = lock.get(reference);
  return entry && `${reference}@${entry.digest}`;
}
