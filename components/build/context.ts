import { createHash, type Hash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

export interface BuildContext {
  /** Folder that is sent to the builder. */
  context: string;
  /** Dockerfile, relative to the folder. */
  dockerfile: string;
  /** Stage to build; the last one where absent. */
  target?: string | undefined;
  /** Build arguments: plain settings, never a secret. */
  args: Record<string, string>;
}

/**
 * A fingerprint of all that decides what an image contains: names, modes and bytes of the files `.dockerignore`
 * leaves, the Dockerfile, stage and arguments. 12 hexadecimal digits of SHA-256.
 */
export function contextHash({ context, dockerfile, target, args }: BuildContext): string {
  const what = JSON.stringify([dockerfile, target ?? "", Object.entries(args).sort()]);
  return filesHash(context, [...new Set([...filesOf(context, ".dockerignore"), dockerfile])], what);
}

/** A fingerprint of names, modes and bytes of files in a folder, and of a text beside them: 12 hexadecimal digits of SHA-256. */
export function filesHash(folder: string, files: string[], beside = ""): string {
  const hash = createHash("sha256");
  hash.update(beside);
  for (const file of [...files].sort()) addFile(hash, folder, file);
  return hash.digest("hex").slice(0, 12);
}

/** The same of each file by itself, as lines `<fingerprint> <file>`; 16 hexadecimal digits. */
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

/** The files in a folder, relative to it and sorted, but for those the ignore file there names, in the form of `.dockerignore`. */
export function filesOf(folder: string, ignoreFile: string): string[] {
  return filesBut(folder, ignorePatterns(folder, ignoreFile));
}

/** The same, but for those the patterns name. */
export function filesBut(folder: string, patterns: string): string[] {
  const ignored = dockerignore({ ignorecase: false }).add(patterns);
  // Looking into large ignored folders takes long, and is needed only where a pattern may bring a file back.
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
