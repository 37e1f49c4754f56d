import { createHash, type Hash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

export interface BuildContext {
  /** Folder of the build context. */
  context: string;
  /** Path of the Dockerfile, relative to `context`. */
  dockerfile: string;
  /** Stage to build. Default: the last. */
  target?: string | undefined;
  /** Build arguments. They must not be secret. */
  args: Record<string, string>;
  /** Number of the builds without the builder's cache, beginning with 1: another one builds the same inputs again. Default: 1. */
  version?: number;
}

/**
 * Fingerprint of all inputs of a build: names, modes and content of the files that `.dockerignore` does not exclude, the Dockerfile,
 * stage, arguments and version. 12 hexadecimal digits of SHA-256.
 */
export function contextHash({ context, dockerfile, target, args, version = 1 }: BuildContext): string {
  // The first version is left out, as in the tags of earlier releases.
  const versions = version > 1 ? [version] : [];
  const parameters = JSON.stringify([dockerfile, target ?? "", Object.entries(args).sort(), ...versions]);
  return filesHash(context, [...new Set([...filesOf(context, ".dockerignore"), dockerfile])], parameters);
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
  const stat = lstatSync(path);
  const content = stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
  return hash.update(JSON.stringify([file, (stat.mode & 0o111) !== 0, content.length])).update(content);
}

/** The files in a folder, relative to it and sorted, except those that its ignore file (in the format of `.dockerignore`) matches. */
export function filesOf(folder: string, ignoreFile: string): string[] {
  return filesExcept(folder, ignorePatterns(folder, ignoreFile));
}

/** The files in a folder, relative to it and sorted, except those that the patterns match. */
export function filesExcept(folder: string, patterns: string): string[] {
  const ignored = dockerignore({ ignorecase: false }).add(patterns);
  // Skips ignored folders, unless a pattern may include a file in one again.
  const prunes = !/^\s*!/m.test(patterns);
  const inside = (at: string): string[] =>
    readdirSync(join(folder, at), { withFileTypes: true }).flatMap((entry) => {
      const path = join(at, entry.name);
      if (entry.isDirectory()) return prunes && ignored.ignores(path) ? [] : inside(path);
      return ignored.ignores(path) ? [] : [path];
    });
  return inside("").sort();
}

function ignorePatterns(folder: string, ignoreFile: string): string {
  try {
    return readFileSync(join(folder, ignoreFile), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
