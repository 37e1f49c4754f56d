import { endedVersions } from "../../model/end-of-life.ts";
import { imageOf } from "../../model/image.ts";
import { type ImageLock, type LockedImage, lockedNow } from "../../model/image-lock.ts";
import { Problem } from "../../model/problem.ts";
import { newestDigests } from "../../remote/registry/digests.mts";
import type { Looked, Routes } from "../../remote/registry/look-up.ts";
import { platformsOf } from "../../remote/registry/manifest.mts";

/** A base image, compared with its registry. */
export interface BaseImage {
  image: string;
  /** `new`: the lock lacks it. `unknown`: the registry is not reached, or does not have it. */
  state: "current" | "newer" | "new" | "unknown";
  /** The entry in the lock. */
  before?: LockedImage | undefined;
  /** The entry that the lock should have. */
  after?: LockedImage | undefined;
  /** Why its digest is unknown; empty otherwise. */
  reason: string;
  /** Whether the registry could not be asked, so that a later look-up may succeed. */
  unreachable: boolean;
  /** Versions in its name whose support has ended, a sentence each. */
  ended: string[];
}

/** Compares base images with their registries. Changes nothing. */
export async function lookAt(images: readonly string[], lock: ImageLock, routes: Routes): Promise<BaseImage[]> {
  const found = await newestDigests(images, routes);
  return Promise.all(
    [...images].sort().map(async (image) => {
      const [before, looked] = [lock.get(image), found.get(image)];
      const compared = await compare(image, before, looked, routes);
      return { image, before, ...compared, ended: endedVersions(image) };
    }),
  );
}

async function compare(
  image: string,
  before: LockedImage | undefined,
  looked: Looked | undefined,
  { logins }: Routes,
): Promise<Pick<BaseImage, "state" | "after" | "reason" | "unreachable">> {
  const known = { reason: "", unreachable: false };
  if (!looked || "problem" in looked) {
    const unreachable = looked?.problem === "unreachable";
    return { state: "unknown", after: before, reason: looked?.detail ?? "no answer", unreachable };
  }
  if (before === undefined) return { state: "new", after: lockedNow(looked.digest), ...known };
  const isSame =
    looked.digest === before.digest || (await isSameForServers(image, before.digest, looked.digest, logins));
  return isSame
    ? { state: "current", after: before, ...known }
    : { state: "newer", after: lockedNow(looked.digest, before), ...known };
}

/** An index also changes for platforms that no server has; then the images of the others are the same. */
async function isSameForServers(
  image: string,
  before: string,
  now: string,
  logins: Routes["logins"],
): Promise<boolean> {
  const [old, current] = await Promise.all([before, now].map((digest) => platformsOf(image, digest, logins)));
  if (!old || !current || old.size === 0) return false;
  return old.size === current.size && [...old].every(([platform, digest]) => current.get(platform) === digest);
}

/** The images that the words name: by reference, by name without a tag, or all without words. @throws Problem for an unknown name. */
export function chosen(words: readonly string[], images: readonly string[]): string[] {
  const matches = (word: string) => images.filter((image) => image === word || imageOf(image).repository === word);
  const unknown = words.filter((word) => matches(word).length === 0);
  if (unknown.length > 0) {
    const known = images.length > 0 ? ` It uses: ${[...images].sort().join(", ")}.` : "";
    throw new Problem(`The stack uses no base image ${unknown.join(", ")}.${known}`);
  }
  return words.length === 0 ? [...images] : [...new Set(words.flatMap(matches))];
}
