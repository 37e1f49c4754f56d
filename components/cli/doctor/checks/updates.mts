import { LOCK_FILE } from "../../../model/image-lock.ts";
import { type Check, ok, skipped, warning } from "../check.mts";
import type { Facts } from "../facts.mts";

/** Base images with a newer digest than in the lock, and versions whose support has ended. */
export function updates({ baseImages, stack }: Facts): Check[] {
  const ended = baseImages.flatMap(({ image, ended }) =>
    ended.map((sentence) =>
      warning(
        `image ${image}`,
        `${sentence}, so that no security fixes follow`,
        "Name a later version in the Dockerfile or the program.",
      ),
    ),
  );
  return [digests(baseImages, stack), ...ended];
}

function digests(baseImages: Facts["baseImages"], stack: string): Check {
  const name = "base image updates";
  const locked = baseImages.filter(({ before }) => before !== undefined);
  if (locked.length === 0) return skipped(name, `there is no ${LOCK_FILE} yet; a deployment writes it`);
  const newer = locked.filter(({ state }) => state === "newer").map(({ image }) => image);
  if (newer.length > 0) {
    const advice = `Update ${LOCK_FILE}, and deploy it like a release: npx berth update --stack ${stack}`;
    return warning(name, `newer than in ${LOCK_FILE}: ${newer.join(", ")}`, advice);
  }
  const unknown = locked.filter(({ state }) => state === "unknown");
  if (unknown.length === locked.length) return skipped(name, `no registry answers: ${unknown[0]?.reason}`);
  return ok(name, `${locked.length - unknown.length} as in ${LOCK_FILE}`);
}
