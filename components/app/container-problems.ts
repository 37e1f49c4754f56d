import { filePathProblems, folderPathProblems } from "../model/container-paths";
import { containerProblems } from "../model/name-rules";
import type { ContainerSpec } from "./container-spec";

type Checked = Pick<ContainerSpec, "aliases" | "env" | "files" | "folders" | "volumes" | "scratch" | "tmpfs">;

/** Errors in a container's name, paths and environment, a sentence each. */
export function specProblems(name: string, spec: Checked): string[] {
  return [
    ...containerProblems(name),
    ...aliasProblems(spec.aliases ?? []),
    ...filePathProblems("files", Object.keys(spec.files ?? {})),
    ...folderPathProblems("folders", Object.keys(spec.folders ?? {})),
    ...folderPathProblems("volumes", Object.keys(spec.volumes ?? {})),
    ...folderPathProblems("scratch", spec.scratch ?? []),
    ...folderPathProblems("tmpfs", spec.tmpfs ?? []),
    ...Object.entries(spec.env ?? {}).flatMap(([variable, value]) => environmentProblems(variable, value)),
  ];
}

function aliasProblems(aliases: readonly string[]): string[] {
  return aliases
    .filter((alias) => !/^[a-z0-9]([a-z0-9_.-]{0,61}[a-z0-9])?$/.test(alias))
    .map((alias) => `aliases: "${alias}" must be a host name of lower-case letters, digits and . _ -, such as db.`);
}

function environmentProblems(variable: string, value: unknown): string[] {
  if (!/^[^\s=\0]+$/.test(variable)) {
    return [`env: the variable ${JSON.stringify(variable)} must have a name without spaces and =.`];
  }
  return typeof value === "string" && value.includes("\0")
    ? [`env: ${variable} must not contain a NUL character.`]
    : [];
}
