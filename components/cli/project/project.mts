import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Problem } from "../../model/problem.ts";

const ProjectFile = z.looseObject({
  name: z.string(),
  backend: z.looseObject({ url: z.string().optional() }).optional(),
  config: z.record(z.string(), z.unknown()).optional(),
});

/** A Pulumi project: the folder with Pulumi.yaml. */
export interface Project {
  folder: string;
  name: string;
  /** URL of the state's backend. The path of a file backend is absolute. */
  backend: string;
}

/**
 * The project in a folder or the nearest folder above it.
 * @throws Problem if there is none, or its Pulumi.yaml cannot be read.
 */
export function findProject(from = process.cwd()): Project {
  const folder = above(from, "Pulumi.yaml");
  if (folder === undefined) {
    throw new Problem(
      "There is no Pulumi.yaml in this folder or above it. Go to the project's folder, or make a project: npx berth init",
    );
  }
  const parsed = ProjectFile.safeParse(readYaml(join(folder, "Pulumi.yaml")));
  if (!parsed.success) throw new Problem(`${join(folder, "Pulumi.yaml")} has no name.`);
  const url = process.env["PULUMI_BACKEND_URL"] || parsed.data.backend?.url || DEFAULT_BACKEND;
  return { folder, name: parsed.data.name, backend: backendAddress(url, folder) };
}

const DEFAULT_BACKEND = "file://./.pulumi-state?metadata=skip";

/** Reads a YAML file. @throws Problem that names the file and the line. */
export function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Problem(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Folder for Berth's files of a project, beside the state. It is created if missing, and never committed. */
export function stateFolder({ folder }: Pick<Project, "folder">): string {
  const path = join(folder, ".pulumi-state");
  mkdirSync(path, { recursive: true });
  return path;
}

/** Path of the file backend without its options; undefined for another backend. */
export function statePath({ backend }: Pick<Project, "backend">): string | undefined {
  return /^file:\/\/([^?]*)/.exec(backend)?.[1];
}

/** File with the state of a stack in the file backend; undefined for another backend. */
export function stateFile(project: Project, stack: string): string | undefined {
  const path = statePath(project);
  return path === undefined ? undefined : join(path, ".pulumi", "stacks", project.name, `${stack}.json`);
}

/** The nearest folder at or above `from` that contains `file`. */
export function above(from: string, file: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Makes the path of a file backend absolute: it is relative to the project, and `~` is the home folder. */
export function backendAddress(url: string, folder: string): string {
  const [, path, options = ""] = /^file:\/\/([^?]*)(\?.*)?$/.exec(url) ?? [];
  if (path === undefined) return url;
  return `file://${resolve(
    folder,
    path.replace(/^~(?=\/|$)/, () => homedir()),
  )}${options}`;
}
