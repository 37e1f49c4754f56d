import { z } from "zod";
import { utcMinute } from "../terminal/local-time.mts";
import { table } from "../terminal/table.mts";

/** Seconds since 1970, as a time in ISO 8601. */
const time = z.number().transform((seconds) => new Date(seconds * 1000).toISOString());
const Kind = z.enum(["scheduled", "made-up", "manual"]);

/** What the runner in a container reports. */
const Status = z.object({
  next: time.nullable(),
  running: z.array(z.object({ began: time, kind: Kind })),
  last: z
    .object({
      began: time,
      ended: time,
      code: z.number(),
      kind: Kind,
      ending: z.enum(["succeeded", "failed", "timed-out", "replaced", "interrupted"]),
    })
    .nullable(),
  good: time.nullable(),
  missed: time.nullable(),
  skipped: time.nullable(),
});
type Status = z.infer<typeof Status>;

/** A scheduled job as `berth cron --json` prints it. Times are ISO 8601 in UTC. */
interface ScheduledJob {
  name: string;
  /** In cron's notation. */
  schedule: string;
  timeZone: string;
  /** State of its container: `running`, `exited`, … */
  state: string;
  next: Status["next"];
  running: Status["running"];
  last: Status["last"];
  /** End of the last run that succeeded. */
  lastSuccess: string | null;
  /** The last run that was missed and not made up. */
  missed: string | null;
  /** The last time at which a run was skipped, as another one continued. */
  skipped: string | null;
}

const UNKNOWN: Status = { next: null, running: [], last: null, good: null, missed: null, skipped: null };

/** Parses the output of cron.sh. During a release, the container of the new one counts. */
export function parseJobs(printed: string): ScheduledJob[] {
  const jobs = new Map<string, ScheduledJob>();
  for (const line of printed.split("\n").filter((text) => text !== "")) {
    const [name = "", state = "", schedule, status] = line.split(" ");
    if (!jobs.has(name)) jobs.set(name, jobOf(name, state, decoded(schedule), decoded(status)));
  }
  return [...jobs.values()].sort((one, other) => one.name.localeCompare(other.name));
}

function jobOf(name: string, state: string, scheduleAndZone: string, status: string): ScheduledJob {
  const { good, ...report } = status === "" ? UNKNOWN : Status.parse(JSON.parse(status));
  const [, schedule = scheduleAndZone, timeZone = ""] = /^(.*) (\S+)$/.exec(scheduleAndZone) ?? [];
  return { name, schedule, timeZone, state, lastSuccess: good, ...report };
}

function decoded(base64 = ""): string {
  return Buffer.from(base64, "base64").toString();
}

/** A table of scheduled jobs. */
export function asText(jobs: ScheduledJob[]): string {
  if (jobs.length === 0) return "The stack has no scheduled job.";
  return table(
    ["JOB", "SCHEDULE", "TIME ZONE", "LAST RUN (UTC)", "RESULT", "NEXT RUN (UTC)"],
    jobs.map((job) => [
      job.name,
      job.schedule,
      job.timeZone,
      utcMinute(job.last?.began ?? null),
      resultOf(job),
      job.state === "running" ? utcMinute(job.next) : `none: its container is ${job.state}`,
    ]),
  );
}

function resultOf({ last, running }: ScheduledJob): string {
  const [current] = running;
  const now = current ? `running since ${utcMinute(current.began)}` : undefined;
  return [now, last ? endingOf(last) : now ? undefined : "has not run yet"].filter(Boolean).join("; before: ");
}

function endingOf({ began, ended, code, ending, kind }: NonNullable<Status["last"]>): string {
  const seconds = Math.round((Date.parse(ended) - Date.parse(began)) / 1000);
  const how = { succeeded: `succeeded in ${seconds} s`, failed: `failed (${code})`, "timed-out": "took too long" };
  const text = ending === "replaced" || ending === "interrupted" ? ending : how[ending];
  return kind === "scheduled" ? text : `${text}, ${kind === "manual" ? "by hand" : "made up"}`;
}
