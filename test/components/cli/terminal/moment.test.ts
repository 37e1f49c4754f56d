import { describe, expect, test } from "vitest";
import { isoOf, parseMoment, parseWhen } from "../../../../components/cli/terminal/moment.mts";

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

describe("the begin of a range", () => {
  const now = new Date("2026-11-27T12:00:00Z");
  const begin = (text: string) => isoOf(parseWhen(text, { now, timeZone: "Europe/Berlin" }));

  test.each([
    ["90s", "2026-11-27T11:58:30"],
    ["30m", "2026-11-27T11:30:00"],
    ["2 h", "2026-11-27T10:00:00"],
    ["3d", "2026-11-24T12:00:00"],
    ["2026-11-26", "2026-11-25T23:00:00"],
    ["2026-11-26 14:31", "2026-11-26T13:31:00"],
    ["2026-11-26T14:31:07.123456789Z", "2026-11-26T14:31:07"],
  ])("can be %s", (text, expected) => {
    expect(begin(text)).toBe(expected);
  });

  test.each(["", "soon", "3y", "14:31", "2026-13-01", "2026-11-26 25:00"])("cannot be %j", (text) => {
    expect(() => begin(text)).toThrow("is no time");
  });
});
