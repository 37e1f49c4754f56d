import type { RebootWindow } from "../host/hardening";
import type { Parsed } from "../model/parsed.ts";
import { isTimeZone } from "../model/time-zone.ts";

const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const TIME = "([01]\\d|2[0-3]):([0-5]\\d)";
const WINDOW = new RegExp(`^(?:(${DAY}(?:,${DAY})*) )?${TIME}-${TIME}(?: (\\S+))?$`);
const DAY_MINUTES = 24 * 60;
/** The announcement takes five minutes. */
const SHORTEST_MINUTES = 15;

/** Parses `[days ]HH:MM-HH:MM[ time zone]`, e.g. `Sun 03:00-05:00 Europe/Berlin`. Without a time zone, it is UTC. */
export function parseRebootWindow(text: string): Parsed<RebootWindow> {
  const found = WINDOW.exec(text.trim());
  if (!found) return wrong(`"${text}" is not a window such as 03:00-05:00 or Sun,Wed 03:00-05:00 Europe/Berlin`);
  const [, days, hour = "", minute = "", endHour = "", endMinute = "", zone = "UTC"] = found;
  if (!isTimeZone(zone)) return wrong(`${zone} is not a time zone such as Europe/Berlin`);
  const length = (minutes(endHour, endMinute) - minutes(hour, minute) + DAY_MINUTES) % DAY_MINUTES;
  if (length < SHORTEST_MINUTES) return wrong(`the window is shorter than ${SHORTEST_MINUTES} minutes`);
  const begin = `${days ? `${days} ` : ""}*-*-* ${hour}:${minute}:00 ${zone}`;
  return { value: { begin, seconds: length * 60 }, problems: [] };
}

function minutes(hour: string, minute: string): number {
  return Number(hour) * 60 + Number(minute);
}

function wrong(problem: string): Parsed<RebootWindow> {
  return { problems: [problem] };
}
