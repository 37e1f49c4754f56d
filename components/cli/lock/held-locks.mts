import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { age } from "../../model/age.ts";

/** A lock of Pulumi's file backend: a file that exists while a deployment changes the stack, or after it was killed. */
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

/** Whether its process still runs; `elsewhere`: it belongs to another machine. */
export type Standing = "alive" | "gone" | "elsewhere";

/** How processes of this machine are looked up. */
export interface Machine {
  hostname: string;
  /** The program a process runs, e.g. `pulumi`: undefined when there is no such process, empty when it cannot be seen. */
  program: (pid: number) => string | undefined;
}

/** The locks there are, normally none or one. */
export function locksIn(folder: string): Lock[] {
  return listed(folder)
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

export function standingOf({ holder }: Lock, machine: Machine): Standing {
  if (holder?.hostname !== machine.hostname) return "elsewhere";
  const program = machine.program(holder.pid);
  // After a crash or a reboot, another program may have got the number.
  return program === undefined || (program !== "" && !program.includes("pulumi")) ? "gone" : "alive";
}

/** Who, since when and with which process, e.g. `anna@desk, since 2026-11-21 07:21:03 (5 min ago), process 4711`. */
export function described({ file, holder }: Lock, now: Date): string {
  if (!holder) return `a lock that cannot be read: ${file}`;
  const since = new Date(holder.timestamp);
  // Swedish writes dates as everybody understands them.
  const local = since.toLocaleString("sv-SE");
  return `${holder.username}@${holder.hostname}, since ${local} (${age(now.getTime() - since.getTime())} ago), process ${holder.pid}`;
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    return absent(error, []);
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return absent(error, undefined);
  }
}

/** A lock may go at any moment. */
function absent<T>(error: unknown, instead: T): T {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return instead;
  throw error;
}
