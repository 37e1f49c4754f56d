import { readdirSync } from "node:fs";
import { join } from "node:path";
import { serverLabel } from "../model/labels";
import { serviceScript } from "../model/service-script";

/** Thresholds of the watch. */
export interface Thresholds {
  /** Minutes that a fault lasts before it is reported, and that it is absent before it is over. */
  afterMinutes: number;
  /** Hours between two reminders of a fault. 0: none. */
  reminderHours: number;
  /** Whether completed releases are reported. */
  releases: boolean;
  /** Whether the server requests the site by its public name. */
  outside: boolean;
  /** Percentage of free space and inodes of a disk below which it is reported. */
  diskPercent: number;
  /** Percentage of available memory below which it is reported. */
  memoryPercent: number;
  /** Days before its end from which a certificate is reported. */
  certificateDays: number;
  /** Restarts of a container within 15 minutes from which it is reported. */
  restarts: number;
  /** Days after which missing security updates and a pending reboot are reported. */
  updateDays: number;
}

/** What the watch of a stack has to know. */
interface Watched {
  project: string;
  stack: string;
  /** URL of the site; empty if there is none. */
  url: string;
  /** Whether browsers trust the site's certificate. */
  trusted: boolean;
  /** Whether the stack is on several servers, in a Swarm. */
  swarm: boolean;
  thresholds: Thresholds;
}

const HERE = join(__dirname, "scripts");

/** The shell script that the timer runs. */
export function watchScript(watched: Watched): string {
  const files = [
    join(__dirname, "../remote/scripts/facts.sh"),
    join(__dirname, "../release/scripts/newest.sh"),
    ...["file-lines.sh", "observe.sh", "conditions.sh"].map((file) => join(HERE, file)),
    ...filesIn("conditions"),
    join(HERE, "message.sh"),
    join(HERE, "send.sh"),
    ...filesIn("targets"),
    join(HERE, "watch.sh"),
  ];
  return serviceScript(files, variables(watched));
}

function filesIn(folder: string): string[] {
  return readdirSync(join(HERE, folder))
    .sort()
    .map((file) => join(HERE, folder, file));
}

function variables({ project, stack, url, trusted, swarm, thresholds }: Watched) {
  return {
    project,
    stack,
    URL: url,
    VERIFY: trusted,
    SWARM: swarm,
    SERVER_LABEL: serverLabel({ project, stack }),
    AFTER: thresholds.afterMinutes * 60,
    REMINDER: thresholds.reminderHours * 3600,
    RELEASES: thresholds.releases,
    OUTSIDE: thresholds.outside,
    DISK_PERCENT: thresholds.diskPercent,
    MEMORY_PERCENT: thresholds.memoryPercent,
    CERTIFICATE_DAYS: thresholds.certificateDays,
    RESTARTS: thresholds.restarts,
    UPDATE_DAYS: thresholds.updateDays,
  };
}
