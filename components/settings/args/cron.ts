/** The values of `cronSettings`. */
export type CronValues<Name extends string> = Record<`${Name}Schedule` | `${Name}TimeZone`, string | undefined>;

/**
 * The arguments `schedule` and `timeZone` of `Cron`, from the values of `cronSettings(name, …)`; undefined if the schedule is empty.
 *
 * @example
 * const digest = berth.cronArgs(values, "digest");
 * if (digest) new berth.Cron("digest", { ...app, ...digest, command: ["python", "manage.py", "send_digest"] });
 */
export function cronArgs<Name extends string>(
  values: CronValues<Name>,
  name: Name,
): { schedule: string; timeZone: string } | undefined {
  const schedule = values[`${name}Schedule` as const];
  const timeZone = values[`${name}TimeZone` as const] ?? "UTC";
  return schedule === undefined ? undefined : { schedule, timeZone };
}
