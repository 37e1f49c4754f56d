import type { Place } from "../../remote/place.mts";
import type { Stack } from "./stack.mts";

/** Where the scripts of a stack run. `sshPrefix` is empty for this machine; `server` is the name of a server among several. */
export function placeOf({ project, name }: Stack, sshPrefix: string, server = ""): Place {
  return { sshPrefix, project: project.name, stack: name, ...(server !== "" && { server }) };
}
