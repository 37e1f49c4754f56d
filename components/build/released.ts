import { existsSync, readFileSync } from "node:fs";

/**
 * Beside the sources of an earlier release, this file says what they are: a line each of `commit=`, `subject=`, `edited=`,
 * `rollback-to=` and, for each image, `image.<name>=<reference>`. `berth rollback` writes it.
 */
const UNPACKED = "release.origin";

/** The image of that name when what is deployed is an earlier release: it is on the server and not built again. */
export function releasedImage(name: string): string | undefined {
  const begin = `image.${name}=`;
  lines ??= existsSync(UNPACKED) ? readFileSync(UNPACKED, "utf8").split("\n") : [];
  return lines.find((line) => line.startsWith(begin))?.slice(begin.length);
}

let lines: string[] | undefined;
