import { readFileSync } from "node:fs";
import { join } from "node:path";
import { baseImages } from "../../build/dockerfile.ts";
import { DEFAULT_IMAGES } from "../../model/default-images.ts";
import { formatLock, LOCK_FILE, lockedNow } from "../../model/image-lock.ts";
import type { newestDigests } from "../../remote/registry/digests.mts";
import { baseImagesOf } from "../doctor/observe/dockerfiles.mts";
import type { Answers } from "./answers.mts";

const BACKUPS = join(import.meta.dirname, "../../data/backups/Dockerfile");

/** The base images of a new project: of the Dockerfiles in its folder, and of the components in its program. */
export function imagesOfProject(folder: string, program: string, { database, server }: Answers): string[] {
  const ofComponents = [
    ...[...program.matchAll(/\bimage: "([^"]+)"/g)].map(([, image = ""]) => image),
    ...(database ? baseImages(readFileSync(BACKUPS, "utf8"), { POSTGRES: DEFAULT_IMAGES.postgres }) : []),
    ...(server?.tls === "acme" || server?.tls === "self-signed" ? [DEFAULT_IMAGES.certificate] : []),
  ];
  return [...new Set([...baseImagesOf(folder), ...ofComponents])].sort();
}

/** The lock of these images, without those whose registry does not answer: the first deployment adds them. Undefined if none does. */
export async function newLock(images: string[], look: typeof newestDigests): Promise<string | undefined> {
  const found = await look(images, {});
  const entries = [...found].flatMap(([image, looked]) =>
    "digest" in looked ? [[image, lockedNow(looked.digest)] as const] : [],
  );
  if (entries.length < images.length) {
    const missing = images.filter((image) => !entries.some(([other]) => other === image));
    console.error(
      `Not in ${LOCK_FILE} yet, as their registries are not reached: ${missing.join(", ")}. The first deployment adds them.`,
    );
  }
  return entries.length > 0 ? formatLock(new Map(entries)) : undefined;
}
