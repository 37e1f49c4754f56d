import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import dockerignore from "@balena/dockerignore";
import { parse } from "yaml";
import { z } from "zod";
import { filesExcept } from "../build/context-files";
import { LOCK_FILE } from "../model/image-lock";

/** The file that lists the sources of a release. */
const LIST = "release.files";
/** Never part of a release: generated files, and hidden files such as `.env`, which may contain secrets. */
const EXCLUDED = ["**/.*", "**/node_modules", "**/__pycache__"].join("\n");

/**
 * The files that `release.files` matches, and the lock of base images, relative to the project's folder and sorted. A rollback deploys from
 * them.
 * @throws Error if there is no such list, or if it leaves out a file that Pulumi needs to start the program.
 */
export function releaseFiles(folder = "."): string[] {
  const list = join(folder, LIST);
  if (!existsSync(list))
    throw new Error(`There is no ${LIST}. Create it with the files and folders that a rollback needs.`);
  const patterns = dockerignore({ ignorecase: false }).add(readFileSync(list, "utf8"));
  const isPart = (name: string) => name === LOCK_FILE || patterns.ignores(name);
  const files = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => isPart(name))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(folder, entry.name) : [entry.name]))
    .filter(isPart)
    .sort();
  const missing = filesToStart(folder).filter((file) => !files.includes(file));
  if (missing.length > 0) {
    throw new Error(
      `${LIST} leaves out ${missing.join(" and ")}, without which a rollback cannot start the program. Add it.`,
    );
  }
  return files;
}

/** Pulumi.yaml and the files that it names. */
function filesToStart(folder: string): string[] {
  if (!existsSync(join(folder, PROJECT))) return [];
  const { main, runtime } = Project.parse(parse(readFileSync(join(folder, PROJECT), "utf8")));
  const tsconfig = typeof runtime === "string" ? undefined : runtime?.options?.tsconfig;
  const namedFiles = [main, tsconfig].filter((file) => file !== undefined).map((file) => normalize(file));
  return [PROJECT, ...namedFiles.filter((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.isFile())];
}

const PROJECT = "Pulumi.yaml";
const Project = z.looseObject({
  main: z.string().optional(),
  runtime: z
    .union([z.string(), z.looseObject({ options: z.looseObject({ tsconfig: z.string().optional() }).optional() })])
    .optional(),
});

function filesIn(folder: string, inside: string): string[] {
  const files = filesExcept(join(folder, inside), EXCLUDED);
  const ignoreFile = existsSync(join(folder, inside, ".dockerignore")) ? [".dockerignore"] : [];
  return [...ignoreFile, ...files].map((file) => join(inside, file));
}
