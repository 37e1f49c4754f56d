import { age } from "../../model/age.ts";

/** Formats a time on the clock of a time zone (default: this machine's), to the second: `2026-11-27 18:00:12`. */
export function localTime(date: Date, timeZone?: string): string {
  // The Swedish locale formats dates like ISO 8601, without the T.
  return date.toLocaleString("sv-SE", { timeZone });
}

/** Formats a time in ISO 8601 and UTC to the minute: `2026-11-27 18:00`; empty without a time. */
export function utcMinute(iso: string | null): string {
  return (iso ?? "").slice(0, 16).replace("T", " ");
}

/** Formats when something began: `since 2026-11-27 18:00:12 (5 min ago)`. */
export function sinceTime(began: Date, now: Date): string {
  return `since ${localTime(began)} (${age(now.getTime() - began.getTime())} ago)`;
}
