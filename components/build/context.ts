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
  const hash = createHash("sha256");
  hash.update(JSON.stringify([dockerfile, target ?? "", Object.entries(args).sort()]));
  addFiles(hash, context, [...contextFiles(context), dockerfile]);
  return hash.digest("hex").slice(0, 12);
}

/** The same for some of the context's files only: those whose path in it matches. */
export function filesHash(context: string, path: RegExp): string {
  const hash = createHash("sha256");
  addFiles(
    hash,
    context,
    contextFiles(context).filter((file) => path.test(file)),
  );
  return hash.digest("hex").slice(0, 12);
}

function addFiles(hash: Hash, context: string, files: string[]): void {
  for (const file of [...new Set(files)].sort()) {
    const path = join(context, file);
    const stat = lstatSync(path);
    const content = stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
    hash.update(JSON.stringify([file, (stat.mode & 0o111) !== 0, content.length]));
    hash.update(content);
  }
}

/** The files of a build context, relative to it, as the builder gets them. */
export function contextFiles(context: string): string[] {
  const ignored = dockerignore({ ignorecase: false }).add(ignorePatterns(context));
  return readdirSync(context, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(context, "/").length))
    .filter((file) => !ignored.ignores(file));
}

function ignorePatterns(context: string): string {
  try {
    return readFileSync(join(context, ".dockerignore"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
