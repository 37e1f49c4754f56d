import { join } from "node:path";
import { type Project, statePath } from "../project/project.mts";
import type { Stack } from "../project/stack.mts";

/** Folder with the locks of a stack; undefined unless the state is in the file backend. */
export function lockFolder({ project, name }: Stack): string | undefined {
  return inState(project, "locks", "organization", project.name, name);
}

/** File with attributes of a stack's state. Pulumi writes it unless the backend URL has `metadata=skip`. */
export function attributesFile({ project, name }: Stack): string | undefined {
  return inState(project, "stacks", project.name, `${name}.json.attrs`);
}

function inState(project: Pick<Project, "backend">, ...parts: string[]): string | undefined {
  const path = statePath(project);
  return path === undefined ? undefined : join(path, ".pulumi", ...parts);
}
