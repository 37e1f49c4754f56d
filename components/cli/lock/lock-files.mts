import { join } from "node:path";
import { type Project, statePath } from "../project/project.mts";
import type { Stack } from "../project/stack.mts";

/** Folder with the locks of a stack; undefined where the state is kept anywhere but in files. */
export function lockFolder({ project, name }: Stack): string | undefined {
  return inState(project, "locks", "organization", project.name, name);
}

/** File with attributes of a stack's state, which Pulumi keeps unless the backend's address says `metadata=skip`. */
export function attributesFile({ project, name }: Stack): string | undefined {
  return inState(project, "stacks", project.name, `${name}.json.attrs`);
}

function inState(project: Pick<Project, "backend">, ...parts: string[]): string | undefined {
  const path = statePath(project);
  return path === undefined ? undefined : join(path, ".pulumi", ...parts);
}
