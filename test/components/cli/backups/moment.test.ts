import { describe, expect, test } from "vitest";
import { isoOf, parseMoment } from "../../../../components/cli/backups/moment.mts";
import { parseRanges, rangeLines } from "../../../../components/cli/backups/ranges.mts";

const utc = (text: string, zone = "Europe/Berlin") => isoOf(parseMoment(text, zone));

describe("a time to restore", () => {
  test.each([
    ["2026-11-26 14:31", "2026-11-26T13:31:00"],
    ["2026-11-26T14:31:05", "2026-11-26T13:31:05"],
    ["2026-07-01 14:31", "2026-07-01T12:31:00"],
    ["2026-11-26 14:31:05Z", "2026-11-26T14:31:05"],
    ["2026-11-26 14:31 UTC", "2026-11-26T14:31:00"],
    ["2026-11-26 14:31+05:30", "2026-11-26T09:01:00"],
  ])("%s is on the clock of the time zone unless it has an offset", (text, expected) => {
    expect(utc(text)).toBe(expected);
  });

  test.each(["yesterday", "14:31", "2026-11-26", "2026-13-01 10:00", "2026-02-30 10:00", "2026-11-26 25:00"])(
    "%s is refused",
    (text) => {
      expect(() => utc(text)).toThrow(`${text} is no time.`);
    },
  );

  test("that the clock leaves out is refused", () => {
    expect(() => utc("2026-03-29 02:30")).toThrow("The clock in Europe/Berlin does not show 2026-03-29 02:30:00");
  });

  test("that the clock shows twice is refused with both times", () => {
    expect(() => utc("2026-10-25 02:30")).toThrow("Name the time in UTC: 2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z");
  });

  test("in a time zone that does not exist is refused", () => {
    expect(() => utc("2026-11-26 14:31", "Mars/Olympus")).toThrow("There is no time zone Mars/Olympus.");
  });
});

describe("the ranges of times", () => {
  const printed =
    "local postgres 2026-11-26T02:05:00 2026-11-26T14:31:00\noffsite postgres 2026-11-26T02:05:00 2026-11-26T14:30:45\n";

  test("are listed in local time", () => {
    const lines = rangeLines(parseRanges(printed), "Europe/Berlin");
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ["DATABASE", "ANY TIME FROM (Europe/Berlin)", "UNTIL", "WHERE"],
      ["postgres", "2026-11-26 03:05:00", "2026-11-26 15:31:00", "server"],
      ["postgres", "2026-11-26 03:05:00", "2026-11-26 15:30:45", "off-site"],
    ]);
  });

  test("say that there is none before the first base backup", () => {
    expect(rangeLines(parseRanges(""), "UTC")).toEqual([expect.stringMatching(/^No time can be restored yet/)]);
  });
});
