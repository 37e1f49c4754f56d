import { existsSync, readFileSync } from "node:fs";

/**
 * `berth rollback` writes this file beside the sources of an earlier release. Its lines are `commit=`, `subject=`, `edited=`,
 * `rollback-to=` and, for each image, `image.<name>=<reference>`.
 */
const UNPACKED = "release.origin";

/** In a rollback, the reference of an image of the earlier release, which is not built again; otherwise undefined. */
export function releasedImage(name: string): string | undefined {
  const prefix = `image.${name}=`;
  lines ??= existsSync(UNPACKED) ? readFileSync(UNPACKED, "utf8").split("\n") : [];
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
}

let lines: string[] | undefined;
