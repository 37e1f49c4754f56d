import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sinceTime } from "../terminal/local-time.mts";

/** A lock file of Pulumi's file backend. It exists while a deployment runs, and remains if the deployment is killed. */
export interface Lock {
  file: string;
  /** Who holds it; undefined where the file cannot be read. */
  holder?: Holder;
}

interface Holder {
  pid: number;
  username: string;
  hostname: string;
  /** When it was acquired, RFC 3339. */
  timestamp: string;
}

/** Whether the process that holds the lock still runs; `elsewhere`: it runs on another machine. */
export type HolderStatus = "running" | "ended" | "elsewhere";

/** Looks up processes of this machine. */
export interface Machine {
  hostname: string;
  /** The program a process runs, e.g. `pulumi`; undefined if there is no such process, empty if it is not visible. */
  program: (pid: number) => string | undefined;
}

/** Reads the lock files in a folder: normally none or one. */
export function locksIn(folder: string): Lock[] {
  return filesIn(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = join(folder, name);
      const text = contentOf(file);
      return text === undefined ? [] : [lockFrom(file, text)];
    });
}

function lockFrom(file: string, text: string): Lock {
  try {
    const { pid, username, hostname, timestamp } = JSON.parse(text) as Partial<Holder>;
    if (pid === undefined || !username || !hostname || Number.isNaN(Date.parse(timestamp ?? ""))) return { file };
    return { file, holder: { pid, username, hostname, timestamp: timestamp as string } };
  } catch {
    return { file };
  }
}

export function holderStatusOf({ holder }: Lock, machine: Machine): HolderStatus {
  if (holder?.hostname !== machine.hostname) return "elsewhere";
  const program = machine.program(holder.pid);
  // After a crash or a reboot, another program may have the same process id.
  return program === undefined || (program !== "" && !program.includes("pulumi")) ? "ended" : "running";
}

/** Describes holder, time and process of a lock, e.g. `anna@desk, since 2026-11-21 07:21:03 (5 min ago), process 4711`. */
export function described({ file, holder }: Lock, now: Date): string {
  if (!holder) return `a lock that cannot be read: ${file}`;
  const { username, hostname, timestamp, pid } = holder;
  return `${username}@${hostname}, ${sinceTime(new Date(timestamp), now)}, process ${pid}`;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    return orIfMissing(error, []);
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return orIfMissing(error, undefined);
  }
}

/** Another process may delete a lock file between listing and reading it. */
function orIfMissing<T>(error: unknown, instead: T): T {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return instead;
  throw error;
}
