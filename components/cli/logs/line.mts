import { shortName } from "../../model/names.ts";
import type { Place } from "../../remote/place.mts";

/** A line of a container's log. */
export interface LogLine {
  /** RFC 3339 in UTC with nanoseconds, as Docker prints it. */
  time: string;
  service: string;
  container: string;
  text: string;
}

/** Parses a line of `docker logs --timestamps`. */
export function parseLine(source: Pick<LogLine, "service" | "container">, line: string): LogLine {
  const space = line.indexOf(" ");
  return space === -1
    ? { time: line, ...source, text: "" }
    : { time: line.slice(0, space), ...source, text: line.slice(space + 1) };
}

/** An entry of journalctl's JSON: a text that is not UTF-8, or has control characters, is a list of bytes. */
interface Entry {
  __REALTIME_TIMESTAMP: string;
  __CURSOR: string;
  SYSLOG_IDENTIFIER: string;
  MESSAGE?: string | number[] | null;
}

/** A line of the journal, with its place in it. */
export interface JournalLine extends LogLine {
  cursor: string;
}

/** Parses an entry of the stack's journal, whose identifier is `<service>/<container>`. */
export function parseEntry(place: Place, json: string): JournalLine {
  const {
    __REALTIME_TIMESTAMP: time,
    __CURSOR: cursor,
    SYSLOG_IDENTIFIER: name,
    MESSAGE: text,
  }: Entry = JSON.parse(json);
  const slash = name.indexOf("/");
  return {
    time: timeOf(BigInt(time)),
    service: name.slice(0, slash),
    container: shortName(place, name.slice(slash + 1)),
    text: Array.isArray(text) ? Buffer.from(text).toString() : (text ?? ""),
    cursor,
  };
}

/** Microseconds since 1970 in Docker's form. */
function timeOf(microseconds: bigint): string {
  const seconds = new Date(Number(microseconds / 1_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(microseconds % 1_000_000n).padStart(6, "0")}000Z`;
}

/** Formats a line: time in seconds, container in a column of `width` characters, text. */
export function render({ time, container, text }: LogLine, width: number): string {
  return `${time.replace(/\.\d*Z$/, "Z")} ${container.padEnd(width)} | ${text}`;
}

/** Formats a line as JSON. */
export function asJson({ time, service, container, text }: LogLine): string {
  return JSON.stringify({ time, service, container, text });
}
