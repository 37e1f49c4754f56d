import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * The program that a process of this machine runs; undefined if there is no such process, empty if its name is not
 * visible, e.g. because it belongs to another account.
 */
export function programOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  const { program, state } = fromProc(pid) ?? fromPs(pid);
  // A zombie has ended; its parent has not collected its exit code yet.
  return state.startsWith("Z") ? undefined : program;
}

interface Seen {
  program: string;
  state: string;
}

/** From Linux's /proc; undefined on other systems. */
function fromProc(pid: number): Seen | undefined {
  try {
    // "4711 (pulumi) S …": the name may have parentheses of its own.
    const [, program = "", state = ""] = /^\d+ \((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { program, state };
  } catch {
    return undefined;
  }
}

/** From ps, as on macOS. */
function fromPs(pid: number): Seen {
  try {
    const [state = "", program = ""] = execFileSync("ps", ["-o", "state=,comm=", "-p", String(pid)], {
      encoding: "utf8",
    })
      .trim()
      .split(/\s+(.*)/s);
    return { program, state };
  } catch {
    return { program: "", state: "" };
  }
}
