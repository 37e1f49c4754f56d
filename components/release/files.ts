import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { filesBut } from "../build/context";

/** Says what a release is made of. */
const LIST = "release.files";
/** Never part of it: what is made again, and hidden files, as in `.env` there may be a secret. */
const LEFT_OUT = ["**/.*", "**/node_modules", "**/__pycache__"].join("\n");

/**
 * The files a release needs to be deployed again, relative to the project's folder and sorted: those `release.files` names.
 * @throws where there is no such list.
 */
export function releaseFiles(folder = "."): string[] {
  const list = join(folder, LIST);
  if (!existsSync(list)) throw new Error(`There is no ${LIST}. It names the files and folders a release is made of.`);
  const named = dockerignore({ ignorecase: false }).add(readFileSync(list, "utf8"));
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => named.ignores(name))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(folder, entry.name) : [entry.name]))
    .filter((file) => named.ignores(file))
    .sort();
}

function filesIn(folder: string, inside: string): string[] {
  const files = filesBut(join(folder, inside), LEFT_OUT);
  const own = existsSync(join(folder, inside, ".dockerignore")) ? [".dockerignore"] : [];
  return [...own, ...files].map((file) => join(inside, file));
}
