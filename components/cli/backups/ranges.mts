import { z } from "zod";
import { localTime } from "../terminal/local-time.mts";
import { table } from "../terminal/table.mts";

const Line = z.tuple([z.enum(["local", "offsite"]), z.string(), z.iso.datetime(), z.iso.datetime()]);

/** A range of times that can be restored, as `berth backups --times --json` prints it. */
export interface Range {
  /** Service of the database. */
  service: string;
  /** ISO 8601. */
  from: string;
  until: string;
  where: "server" | "off-site";
}

/** Parses the output of the backup container's command `ranges`. */
export function parseRanges(text: string): Range[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [where = "", service = "", from = "", until = ""] = line.split(" ");
    const [place, name, first, last] = Line.parse([where, service, `${from}Z`, `${until}Z`]);
    return { service: name, from: first, until: last, where: place === "local" ? "server" : "off-site" };
  });
}

/** A table of ranges in local time. */
export function rangeLines(ranges: Range[], timeZone: string): string[] {
  if (ranges.length === 0) return ["No time can be restored yet: the first base backup follows the first backup."];
  const rows = ranges.map(({ service, from, until, where }) => [
    service,
    localTime(new Date(from), timeZone),
    localTime(new Date(until), timeZone),
    where,
  ]);
  return table(["DATABASE", `ANY TIME FROM (${timeZone})`, "UNTIL", "WHERE"], rows).split("\n");
}
