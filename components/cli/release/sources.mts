import { mkdirSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar";
import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import { attempt } from "../../remote/run.mts";
import type { Release } from "./release.mts";

/**
 * Unpacks the sources of a release into a folder that is emptied first.
 * @throws Problem when an image of the release is no longer on the server, or the sources cannot be read.
 */
export async function unpackRelease(
  place: Place,
  { number, images }: Pick<Release, "number" | "images">,
  into: string,
): Promise<void> {
  const { status, stdout, stderr } = await attempt(place, "unpack.sh", {
    words: [String(number), ...Object.values(images)],
  });
  if (status !== 0 || stdout === "") {
    throw new Problem(`${stderr.trim()}\nA rollback to release ${number} is not possible. Nothing was changed.`.trim());
  }
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  try {
    await pipeline(Readable.from(Buffer.from(stdout, "base64")), extract({ cwd: into, strip: 1 }));
  } catch (error) {
    throw new Problem(`The sources of release ${number} cannot be unpacked: ${error}. Nothing was changed.`);
  }
}
