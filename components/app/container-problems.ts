import { filePathProblems, folderPathProblems } from "../model/container-paths";
import { containerProblems } from "../model/name-rules";
import type { ContainerSpec } from "./container-spec";

type Checked = Pick<ContainerSpec, "env" | "files" | "folders" | "volumes" | "scratch" | "tmpfs">;

/** Errors in a container's name, paths and environment, a sentence each. */
export function specProblems(name: string, spec: Checked): string[] {
  return [
    ...containerProblems(name),
    ...filePathProblems("files", Object.keys(spec.files ?? {})),
    ...folderPathProblems("folders", Object.keys(spec.folders ?? {})),
    ...folderPathProblems("volumes", Object.keys(spec.volumes ?? {})),
    ...folderPathProblems("scratch", spec.scratch ?? []),
    ...folderPathProblems("tmpfs", spec.tmpfs ?? []),
    ...Object.entries(spec.env ?? {}).flatMap(([variable, value]) => environmentProblems(variable, value)),
  ];
}

function environmentProblems(variable: string, value: unknown): string[] {
  if (!/^[^\s=\0]+$/.test(variable)) {
    return [`env: the variable ${JSON.stringify(variable)} must have a name without spaces and =.`];
  }
  return typeof value === "string" && value.includes("\0")
    ? [`env: ${variable} must not contain a NUL character.`]
    : [];
}
