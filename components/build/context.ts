import { createHash, type Hash } from "node:crypto";
import { closeSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import { contentOf, type FolderContent, isRefused } from "./context-files.ts";
import { ignoreFileOf } from "./dockerfile.ts";

export interface BuildContext {
  /** Folder of the build context. */
  context: string;
  /** Path of the Dockerfile, relative to `context`. */
  dockerfile: string;
  /** Stage to build. Default: the last. */
  target?: string | undefined;
  /** Build arguments. They must not be secret. */
  args: Record<string, string>;
  /** Platform to build for, e.g. `linux/arm64`. Default: that of the engine. */
  platform?: string | undefined;
}

/**
 * Fingerprint of all inputs of a build: names, modes and content of the files that `.dockerignore` does not exclude, the Dockerfile,
 * stage, arguments and platform. 12 hexadecimal digits of SHA-256.
 */
export function contextHash(build: BuildContext): string {
  const { context, dockerfile, target, args, platform } = build;
  const parameters = [dockerfile, target ?? "", Object.entries(args).sort(), ...(platform ? [platform] : [])];
  const files = [...new Set([...contextContent(build).files, dockerfile])];
  return filesHash(context, files, JSON.stringify(parameters));
}

/** What the build context contains. */
export function contextContent({ context, dockerfile }: BuildContext): FolderContent {
  return contentOf(context, ignoreFileOf(context, dockerfile));
}

/** Fingerprint of names, modes and content of files in a folder, and of an additional text. 12 hexadecimal digits of SHA-256. */
export function filesHash(folder: string, files: string[], additional = ""): string {
  const hash = createHash("sha256");
  hash.update(additional);
  for (const file of [...files].sort()) addFile(hash, folder, file);
  return hash.digest("hex").slice(0, 12);
}

/** Fingerprint of each file, as lines `<fingerprint> <file>`. 16 hexadecimal digits of SHA-256. */
export function manifest(folder: string, files: string[]): string {
  const fingerprint = (file: string) => addFile(createHash("sha256"), folder, file).digest("hex").slice(0, 16);
  return files.map((file) => `${fingerprint(file)} ${file}\n`).join("");
}

function addFile(hash: Hash, folder: string, file: string): Hash {
  const path = join(folder, file);
  const { mode, size } = lstatSync(path);
  const target = linkTarget(path);
  hash.update(JSON.stringify([file, (mode & 0o111) !== 0, target?.length ?? size]));
  return target === undefined ? addContent(hash, path) : hash.update(target);
}

/** Where a symbolic link leads; undefined for another file. */
function linkTarget(path: string): string | undefined {
  return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
}

/** Adds a file part by part, as it may be larger than the memory. @throws Problem if it cannot be read. */
export function addContent(hash: Hash, path: string): Hash {
  const part = Buffer.allocUnsafe(PART);
  const file = openToRead(path);
  try {
    for (let length = readSync(file, part); length > 0; length = readSync(file, part)) {
      hash.update(part.subarray(0, length));
    }
    return hash;
  } finally {
    closeSync(file);
  }
}

const PART = 1_048_576;

function openToRead(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (!isRefused(error)) throw error;
    throw new Problem(
      `This account cannot read the file ${path}. Allow it, or leave the file out of the build with .dockerignore.`,
    );
  }
}
