import { type ImageLock, LOCK_FILE, readLock, writeLock } from "../../model/image-lock.ts";
import { Problem } from "../../model/problem.ts";
import type { Routes } from "../../remote/registry/look-up.ts";
import { baseImagesOf } from "../doctor/observe/dockerfiles.mts";
import { secretOf } from "../doctor/observe/registry.mts";
import { readSettings } from "../doctor/settings.mts";
import type { Stack } from "../project/stack.mts";
import { loginsOf } from "./logins.mts";
import { type BaseImage, chosen, lookAt } from "./look.mts";
import { routesOf } from "./program-images.mts";
import { usedImages } from "./used.mts";

export interface Update {
  images: BaseImage[];
  /** Whether the lock was written. */
  written: boolean;
}

interface Options {
  /** Images to update. Default: all. */
  words: string[];
  /** Whether only to look. */
  check: boolean;
}

/** Looks up newer digests of the base images that a stack uses, and writes them to the lock. */
export async function update(stack: Stack, { words, check }: Options): Promise<Update> {
  const { folder } = stack.project;
  const lock = lockIn(folder);
  const images = await lookAt(chosen(words, await imagesOf(stack, lock)), lock, await routesWithLogins(stack));
  const changes = images.filter(isOutdated);
  const written = !check && changes.length > 0;
  if (written)
    writeLock(
      folder,
      new Map([...lock, ...changes.flatMap(({ image, after }) => (after ? [[image, after] as const] : []))]),
    );
  return { images, written };
}

/** Whether the lock should change for an image. */
export function isOutdated({ state }: BaseImage): boolean {
  return state === "newer" || state === "new";
}

/** Those of the program and those in the lock, which other stacks of the project may use. */
async function imagesOf(stack: Stack, lock: ImageLock): Promise<string[]> {
  const used = await usedImages(stack);
  if ("images" in used) return [...new Set([...used.images, ...lock.keys()])];
  console.error(
    `The program does not tell its base images: ${used.error}\nOnly those of Dockerfiles and ${LOCK_FILE} are looked at.\n`,
  );
  return [...new Set([...baseImagesOf(stack.project.folder), ...lock.keys()])];
}

/** The lock of a project. @throws Problem if it is invalid. */
export function lockIn(folder: string): ImageLock {
  try {
    return readLock(folder);
  } catch (error) {
    throw new Problem(error instanceof Error ? error.message : String(error));
  }
}

/** The ways to the registries, with the sign-ins of the stack's settings. */
async function routesWithLogins(stack: Stack): Promise<Routes> {
  const settings = readSettings(stack);
  return { ...routesOf(stack), logins: await loginsOf(settings.values, (name) => secretOf(stack, settings, name)) };
}
