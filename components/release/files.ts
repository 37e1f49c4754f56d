import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { filesBut } from "../build/context";

/** Lists the sources of a release. */
const LIST = "release.files";
/** Never part of a release: generated files, and hidden files such as `.env`, which may contain secrets. */
const EXCLUDED = ["**/.*", "**/node_modules", "**/__pycache__"].join("\n");

/**
 * The files that `release.files` matches, relative to the project's folder and sorted. A rollback deploys from them.
 * @throws Error if there is no such list.
 */
export function releaseFiles(folder = "."): string[] {
  const list = join(folder, LIST);
  if (!existsSync(list))
    throw new Error(`There is no ${LIST}. Create it with the files and folders that a rollback needs.`);
  const named = dockerignore({ ignorecase: false }).add(readFileSync(list, "utf8"));
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => named.ignores(name))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(folder, entry.name) : [entry.name]))
    .filter((file) => named.ignores(file))
    .sort();
}

function filesIn(folder: string, inside: string): string[] {
  const files = filesBut(join(folder, inside), EXCLUDED);
  const own = existsSync(join(folder, inside, ".dockerignore")) ? [".dockerignore"] : [];
  return [...own, ...files].map((file) => join(inside, file));
}
