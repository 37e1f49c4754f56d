import type { Place } from "../../remote/place.mts";
import type { Stack } from "./stack.mts";

/** Where the scripts of a stack run. `sshPrefix` is empty for this machine. */
export function placeOf({ project, name }: Stack, sshPrefix: string): Place {
  return { sshPrefix, project: project.name, stack: name };
}
