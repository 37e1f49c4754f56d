import type { ContainerSpec, StartOrder } from "../app/container-spec";
import { scheduleProblems } from "../model/schedule";
import { isTimeZone } from "../model/time-zone";

export interface CronArgs extends Omit<ContainerSpec, "loopbackPorts" | "command">, StartOrder {
  /**
   * When it runs, in cron's notation: minute, hour, day of the month, month, day of the week; or `@hourly`, `@daily`, `@weekly`, `@monthly`,
   * `@yearly`. If both days are limited, one of them must match.
   * @example "0 7 * * mon-fri"
   */
  schedule: string;
  /**
   * Time zone of `schedule`, e.g. `Europe/Berlin`. A time that the clock skips in spring is an hour later on that day, and one that it repeats in
   * autumn counts once. The image needs no time zone database. Default: `UTC`.
   */
  timeZone?: string;
  /** The program to run and its arguments. The image's entrypoint does not run. */
  command: string[];
  /**
   * What happens when a run is due while another one continues: `forbid` skips the later one, `replace` ends the earlier one (SIGTERM, after ten
   * seconds SIGKILL), `allow` runs both. Default: `forbid`.
   */
  overlap?: "forbid" | "replace" | "allow";
  /** Timeout of a run in seconds. It is then ended like a replaced one, and has failed. Default: 3600. */
  timeout?: number;
  /**
   * What happens to runs that were missed while the server or the stack was off, for at most 31 days: `run` makes them up with one run as soon as
   * possible, `skip` does not. A run that was interrupted is reported as failed, and is not repeated. Default: `run`.
   */
  missed?: "run" | "skip";
  /**
   * What a release does with a run that continues when all new containers are healthy: `wait` waits for it, at most `timeout`; `leave` leaves it
   * running in the previous container, which the next release removes. Visitors notice neither. Default: `wait`.
   */
  onRelease?: "wait" | "leave";
  /** Timeout in seconds for a new container to become ready. Default: 120. */
  startTimeout?: number;
}

/** The schedule and its time zone as written, for a label. */
export function scheduleText({ schedule, timeZone = "UTC" }: CronArgs): string {
  return `${schedule} ${timeZone}`;
}

/** Errors in the arguments, a sentence each. */
export function problemsOf({ schedule, timeZone = "UTC", command, timeout = 3600 }: CronArgs): string[] {
  return [
    ...scheduleProblems(schedule).map((problem) => `schedule: ${problem}`),
    ...(isTimeZone(timeZone) ? [] : [`timeZone: "${timeZone}" must be a time zone such as Europe/Berlin.`]),
    ...(command.length > 0 ? [] : ["command: is empty. Name the program to run and its arguments."]),
    ...(Number.isInteger(timeout) && timeout > 0
      ? []
      : [`timeout: ${timeout} must be a whole number of seconds above 0.`]),
  ];
}
