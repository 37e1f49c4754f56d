import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { offsetsOf } from "../../../components/cron/time-zone";
import { fieldsOf } from "../../../components/model/schedule";

const seconds = (time: string) => String(Date.parse(time) / 1000);

/** What the runner computes, as a time; empty if there is none. */
function moment(mode: "next" | "last", schedule: string, from: string, to: string, zone: string): string {
  const variables = { mode, from: seconds(from), to: seconds(to), schedule: fieldsOf(schedule).join(" ") };
  const words = Object.entries(variables).flatMap(([name, value]) => ["-v", `${name}=${value}`]);
  const found = execFileSync("awk", [...words, "-f", "components/cron/scripts/moments.awk"], {
    input: offsetsOf(zone),
    encoding: "utf8",
  }).trim();
  return found && new Date(Number(found) * 1000).toISOString().slice(0, 16);
}
const next = (schedule: string, from: string, zone = "UTC") => moment("next", schedule, `${from}Z`, `${from}Z`, zone);
const last = (schedule: string, from: string, to: string) => moment("last", schedule, `${from}Z`, `${to}Z`, "UTC");

describe("a schedule", () => {
  test.each([
    ["*/15 8-10 * * *", ["0,15,30,45", "8,9,10", "*", "*", "*"]],
    ["5 7,19 1-15/7 jan,Dec *", ["5", "7,19", "1,8,15", "1,12", "*"]],
    ["0 0 * * mon-fri", ["0", "0", "*", "*", "1,2,3,4,5"]],
    ["0 0 * * 5-7", ["0", "0", "*", "*", "0,5,6"]],
    ["0-59 0-23 1-31 1-12 0-6", ["*", "*", "*", "*", "*"]],
    ["10/20 * * * *", ["10,30,50", "*", "*", "*", "*"]],
    ["@monthly", ["0", "0", "1", "*", "*"]],
    ["  0   7 * * 1 ", ["0", "7", "*", "*", "1"]],
  ])("%s is read in cron's notation", (schedule, fields) => {
    expect(fieldsOf(schedule)).toEqual(fields);
  });

  test.each([
    ["7:00", /must have five fields/],
    ["0 0 7 * * 1", /must have five fields/],
    ["@reboot", /must have five fields/],
    ["60 * * * *", /"60" is not valid for the minute: it allows numbers from 0 to 59/],
    ["0 24 * * *", /"24" is not valid for the hour/],
    ["0 0 0 * *", /"0" is not valid for the day of the month/],
    ["0 0 * 13 *", /"13" is not valid for the month: .* names such as feb/],
    ["0 0 * * 8", /"8" is not valid for the day of the week/],
    ["30-10 * * * *", /"30-10" is not valid for the minute/],
    ["*/0 * * * *", /"\*\/0" is not valid/],
    ["1,,2 * * * *", /"" is not valid/],
    ["0 0 L * *", /"L" is not valid/],
    ["0 0 30 feb *", /never occurs/],
  ])("%s is refused with what is wrong", (schedule, problem) => {
    expect(() => fieldsOf(schedule)).toThrow(problem);
  });
});

describe("the next run", () => {
  test.each([
    ["every minute", "* * * * *", "2026-11-27T20:14:30", "2026-11-27T20:15"],
    ["not the present minute again", "14 20 * * *", "2026-11-27T20:14:00", "2026-11-28T20:14"],
    ["on workdays", "0 7 * * 1-5", "2026-11-27T20:00:00", "2026-11-30T07:00"],
    ["on the first of the month", "0 3 1 * *", "2026-11-27T20:00:00", "2026-12-01T03:00"],
    ["in the next year", "0 0 1 1 *", "2026-11-27T20:00:00", "2027-01-01T00:00"],
    ["on a leap day", "0 0 29 2 *", "2026-11-27T20:00:00", "2028-02-29T00:00"],
    ["on the 13th and on Fridays", "0 0 13 * 5", "2026-12-05T00:00:00", "2026-12-11T00:00"],
  ])("is %s", (_name, schedule, from, expected) => {
    expect(next(schedule, from)).toBe(expected);
  });

  test.each([
    ["has the offset of the winter", "0 7 * * *", "2026-11-27T20:00:00", "2026-11-28T06:00"],
    ["has the offset of the summer", "0 7 * * *", "2026-07-01T20:00:00", "2026-07-02T05:00"],
    ["in an hour that the clock skips is after it", "30 2 * * *", "2026-03-28T12:00:00", "2026-03-29T01:00"],
    ["after such an hour is on the next day", "30 2 * * *", "2026-03-29T01:00:00", "2026-03-30T00:30"],
    ["in an hour that the clock repeats is in the first", "30 2 * * *", "2026-10-24T12:00:00", "2026-10-25T00:30"],
    ["is not in the second too", "30 2 * * *", "2026-10-25T00:30:00", "2026-10-26T01:30"],
    ["of every half hour is in both", "*/30 * * * *", "2026-10-25T00:30:00", "2026-10-25T01:00"],
  ])("in Berlin %s", (_name, schedule, from, expected) => {
    expect(next(schedule, from, "Europe/Berlin")).toBe(expected);
  });

  test("is right in a zone of half hours, and in one without a time zone database in the image", () => {
    expect(next("0 9 * * *", "2026-11-27T20:00:00", "Asia/Kolkata")).toBe("2026-11-28T03:30");
    expect(next("0 9 * * *", "2026-11-27T20:00:00", "America/St_Johns")).toBe("2026-11-28T12:30");
  });
});

test("the last run of a time is the latest of those that were missed, if any", () => {
  expect(last("0 * * * *", "2026-11-27T12:00:00", "2026-11-27T20:14:00")).toBe("2026-11-27T20:00");
  expect(last("0 3 * * *", "2026-11-27T12:00:00", "2026-11-27T20:14:00")).toBe("");
});

test("offsets until 2050 agree with the time zone database at every change", () => {
  for (const [zone, changes] of Object.entries(CHANGES)) {
    const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
    const lines = offsetsOf(zone)
      .trim()
      .split("\n")
      .map((line) => line.split(" ").map(Number));
    expect(lines.length).toBeGreaterThan(changes);
    for (const [index, [since = 0, offset = 0]] of lines.entries()) {
      const before = lines[index - 1]?.[1];
      const time = Math.max(since, Date.UTC(2025) / 1000);
      const local = (at: number, east: number) =>
        new Date((at + east) * 1000).toISOString().slice(0, 19).replace("T", " ");
      expect(format.format(time * 1000)).toBe(local(time, offset));
      if (before !== undefined) expect(format.format((time - 1) * 1000)).toBe(local(time - 1, before));
    }
  }
});

/** Zones and at least how many changes they have. */
const CHANGES = {
  "Europe/Berlin": 50,
  "America/New_York": 50,
  "Australia/Lord_Howe": 50,
  "Africa/Casablanca": 2,
  "Asia/Tokyo": 0,
};
