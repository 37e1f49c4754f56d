import { readFileSync } from "node:fs";

/**
 * The program a process of this machine runs: undefined when there is no such process, empty when it is not to be seen,
 * as somebody else's may not be.
 */
export function programOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  // "4711 (pulumi) S …": the name may have parentheses of its own.
  const [, program, state] = /^\d+ \((.*)\) (\S)/s.exec(statOf(pid)) ?? [];
  // A zombie has ended; only nobody has asked how.
  return state === "Z" ? undefined : (program ?? "");
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
