import { describe, expect, test } from "vitest";
import { parseRanges, rangeLines } from "../../../../components/cli/backups/ranges.mts";

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
