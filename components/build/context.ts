import { createHash } from "node:crypto";
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
  for (const file of [...new Set([...contextFiles(context), dockerfile])].sort()) {
    const path = join(context, file);
    const stat = lstatSync(path);
    const content = stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
    hash.update(JSON.stringify([file, (stat.mode & 0o111) !== 0, content.length]));
    hash.update(content);
  }
  return hash.digest("hex").slice(0, 12);
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
