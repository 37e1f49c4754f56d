import { z } from "zod";
import { scheduleProblems } from "../../model/schedule.ts";
import { timeZone } from "../kinds.ts";
import { type Form, type Setting, type Settings, setting } from "../setting.ts";

/** The settings of a scheduled job, by name. */
export type CronSettings<Name extends string> = Record<`${Name}Schedule`, Setting<Form<string | undefined>>> &
  Record<`${Name}TimeZone`, Setting<Form<string>>>;

/**
 * When a scheduled job runs: `<name>Schedule`, which may be empty for no such job, and `<name>TimeZone`. `cronArgs` returns the arguments of
 * `Cron` for them. `schedule` is the default.
 *
 * @example ...cronSettings("digest", "the digest of overdue mails", { schedule: "0 7 * * mon-fri" })
 */
export function cronSettings<Name extends string>(
  name: Name,
  job: string,
  defaults?: { schedule: string },
): CronSettings<Name>;
export function cronSettings(name: string, job: string, { schedule = "" }: { schedule?: string } = {}): Settings {
  return {
    [`${name}Schedule`]: setting(scheduleOrNone, {
      default: schedule,
      description: `When ${job} runs, in cron notation, e.g. 0 7 * * mon-fri or @daily (docs/scheduled-jobs.md). Empty: never.`,
    }),
    [`${name}TimeZone`]: setting(timeZone, {
      default: "UTC",
      description: `Time zone of ${name}Schedule, e.g. Europe/Berlin.`,
    }),
  };
}

const scheduleOrNone = z.string().transform((text, context) => {
  if (text === "") return undefined;
  for (const message of scheduleProblems(text)) context.addIssue({ code: "custom", message });
  return text;
});
