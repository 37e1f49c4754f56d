import { createHash, type Hash } from "node:crypto";
import { closeSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import { contentOf, type FolderContent, isRefused } from "./context-files.ts";
import { ignoreFileOf } from "./ignore-file.ts";

export interface BuildContext {
  /** Folder of the build context. */
  context: string;
  /** Path of the Dockerfile, relative to `context`. */
  dockerfile: string;
  /** Text of the Dockerfile that is built instead of the file's. */
  text: string;
  /** Stage to build. Default: the last. */
  target?: string | undefined;
  /** Build arguments. They must not be secret. */
  args: Record<string, string>;
  /** Number of the builds without the builder's cache, beginning with 1: another one builds the same inputs again. Default: 1. */
  version?: number;
  /** Platform to build for, e.g. `linux/arm64`. Default: that of the engine. */
  platform?: string | undefined;
}

/**
 * Fingerprint of all inputs of a build: names, modes and content of the files that `.dockerignore` does not exclude, the Dockerfile,
 * stage, arguments, platform and version. 12 hexadecimal digits of SHA-256.
 */
export function contextHash(build: BuildContext): string {
  const { context, dockerfile, text, target, args, platform, version = 1 } = build;
  // What most builds do without is left out, as in the tags of earlier releases.
  const rare = [...(platform ? [platform] : []), ...(version > 1 ? [version] : [])];
  const parameters = [dockerfile, target ?? "", Object.entries(args).sort(), ...rare];
  const hash = createHash("sha256").update(JSON.stringify(parameters));
  for (const file of [...new Set([...contextContent(build).files, dockerfile])].sort()) {
    if (file === dockerfile) addText(hash, context, file, Buffer.from(text));
    else addFile(hash, context, file);
  }
  return hash.digest("hex").slice(0, LENGTH);
}

/** What the build context contains. */
export function contextContent({ context, dockerfile }: BuildContext): FolderContent {
  return contentOf(context, ignoreFileOf(context, dockerfile));
}

/** Fingerprint of names, modes and content of files in a folder. 12 hexadecimal digits of SHA-256. */
export function filesHash(folder: string, files: string[]): string {
  const hash = createHash("sha256");
  for (const file of [...files].sort()) addFile(hash, folder, file);
  return hash.digest("hex").slice(0, LENGTH);
}

const LENGTH = 12;

/** Fingerprint of each file, as lines `<fingerprint> <file>`. 16 hexadecimal digits of SHA-256. */
export function manifest(folder: string, files: string[]): string {
  const fingerprint = (file: string) => addFile(createHash("sha256"), folder, file).digest("hex").slice(0, 16);
  return files.map((file) => `${fingerprint(file)} ${file}\n`).join("");
}

function addFile(hash: Hash, folder: string, file: string): Hash {
  const path = join(folder, file);
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return addText(hash, folder, file, readlinkSync(path));
  return addContent(hash.update(headOf(file, stat, stat.size)), path);
}

/** Adds a file with another text than its own. */
function addText(hash: Hash, folder: string, file: string, text: Buffer | string): Hash {
  return hash.update(headOf(file, lstatSync(join(folder, file)), text.length)).update(text);
}

function headOf(file: string, { mode }: Stats, length: number): string {
  return JSON.stringify([file, (mode & 0o111) !== 0, length]);
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
