import { Problem } from "../../model/problem.ts";
import { isTimeZone } from "../../model/time-zone.ts";
import { localTime } from "./local-time.mts";

const FORM = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d(?:\.\d+)?)?\s*(Z|UTC|[+-]\d\d:\d\d)?$/;

/** Time zone of this machine, e.g. `Europe/Berlin`. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * Parses a time such as `2026-11-26 14:31`, on the clock of a time zone unless it has an offset such as `+01:00` or `Z`.
 * @throws Problem if it is no time, or if the clock never or twice shows it.
 */
export function parseMoment(text: string, timeZone: string): Date {
  const [, day, minute, second = ":00", offset] = FORM.exec(text.trim()) ?? [];
  if (day === undefined || minute === undefined) throw invalid(text);
  if (!isTimeZone(timeZone)) throw new Problem(`There is no time zone ${timeZone}. An example: Europe/Berlin`);
  if (offset !== undefined) {
    const time = new Date(`${day}T${minute}${second}${offset === "UTC" ? "Z" : offset}`);
    if (Number.isNaN(time.getTime())) throw invalid(text);
    return time;
  }
  const clock = `${day} ${minute}${second.slice(0, 3)}`;
  const asUtc = Date.parse(`${day}T${minute}${second.slice(0, 3)}Z`);
  if (Number.isNaN(asUtc) || localTime(new Date(asUtc), "UTC") !== clock) throw invalid(text);
  const [first, other] = instantsOf(asUtc, clock, timeZone);
  if (!first) throw new Problem(`The clock in ${timeZone} does not show ${clock}, as it is put forward.`);
  if (other) {
    throw new Problem(
      `The clock in ${timeZone} shows ${clock} twice, as it is put back. Name the time in UTC: ${isoOf(first)}Z or ${isoOf(other)}Z`,
    );
  }
  return first;
}

/**
 * Parses the begin or end of a range: an age such as `30m`, `2h` or `3d`, a day, or a time as `parseMoment` does.
 * @throws Problem if it is neither.
 */
export function parseWhen(text: string, { now = new Date(), timeZone = ownTimeZone() } = {}): Date {
  const [, count = "", unit = ""] = /^(\d+)\s*(s|min|m|h|d|w)$/.exec(text.trim()) ?? [];
  if (unit !== "") return new Date(now.getTime() - Number(count) * (UNITS[unit] ?? 0) * 1000);
  return parseMoment(/^\d{4}-\d\d-\d\d$/.test(text.trim()) ? `${text.trim()} 00:00` : text, timeZone);
}

const UNITS: Record<string, number> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** Time in UTC, without a zone, as the backup container reads it: `2026-11-26T13:31:00`. */
export function isoOf(time: Date): string {
  return time.toISOString().slice(0, 19);
}

/** The times at which the clock shows a text, by the offsets a day before and after it. */
function instantsOf(asUtc: number, clock: string, timeZone: string): Date[] {
  const offsets = [-86_400_000, 86_400_000].map((distance) => {
    const near = asUtc + distance;
    return Date.parse(`${localTime(new Date(near), timeZone).replace(" ", "T")}Z`) - near;
  });
  return [...new Set(offsets.map((offset) => asUtc - offset))]
    .sort((one, other) => one - other)
    .map((time) => new Date(time))
    .filter((time) => localTime(time, timeZone) === clock);
}

function invalid(text: string): Problem {
  return new Problem(`${text} is no time. Examples: "2026-11-26 14:31", "2026-11-26 14:31:05+01:00"`);
}
