import { execaSync } from "execa";
import { describe, expect, test } from "vitest";
import { makeReader } from "../../components/data/postgres-roles";
import { linesOf } from "../../operate/backups.mts";

const SCRIPTS = "components/data/backups";

/** Which day's backup is due at a moment, where the clock shows the time of a zone and backups are taken at `time`. */
function dueSlot(moment: string, timeZone: string, time: string): string {
  const script = `. ${SCRIPTS}/schedule.sh
    date() { case $1 in -d) command date "$@" ;; *) command date -d "@$NOW" "$@" ;; esac; }
    due_slot`;
  const env = { TZ: timeZone, BACKUP_TIME: time, NOW: String(Date.parse(moment) / 1000) };
  return execaSync("sh", ["-euc", script], { env }).stdout;
}

describe("the backup that is due", () => {
  test.each([
    ["before the time of day, yesterday's", "2026-11-21T00:59:00Z", "Europe/Berlin", "0200", "20261120"],
    ["from that minute on, today's", "2026-11-21T01:00:00Z", "Europe/Berlin", "0200", "20261121"],
    ["by the clock of the time zone", "2026-11-21T01:00:00Z", "America/New_York", "0200", "20261120"],
    ["on the first day of a month, of the month before", "2026-12-01T00:00:00Z", "UTC", "0200", "20261130"],
    ["at midnight, today's", "2026-12-01T00:00:00Z", "UTC", "0000", "20261201"],
    // On 29 March 2026, the clocks in Berlin went from 2:00 to 3:00 at 01:00 UTC.
    ["when the clock leaves out the hour, not before it", "2026-03-29T00:59:00Z", "Europe/Berlin", "0230", "20260328"],
    ["when the clock leaves out the hour, right after it", "2026-03-29T01:00:00Z", "Europe/Berlin", "0230", "20260329"],
    // On 25 October 2026, it showed the hour from 2:00 to 3:00 twice.
    [
      "when the clock shows the hour twice, the first time",
      "2026-10-25T00:30:00Z",
      "Europe/Berlin",
      "0230",
      "20261025",
    ],
    ["and the same one the second time", "2026-10-25T01:30:00Z", "Europe/Berlin", "0230", "20261025"],
  ])("is %s", (_what, moment, timeZone, time, slot) => {
    expect(dueSlot(moment, timeZone, time)).toBe(slot);
  });
});

test("a role for backups reads everything and owns nothing", () => {
  const sql = makeReader({ login: "mail_backups", database: "mail" }, "it's secret");
  expect(sql.indexOf("SET log_min_error_statement = panic;")).toBe(0);
  expect(sql).toContain(`GRANT pg_read_all_data TO "mail_backups";`);
  expect(sql).toContain(`ALTER ROLE "mail_backups" PASSWORD 'it''s secret';`);
  expect(sql).not.toMatch(/OWNER|SUPERUSER|CREATEDB|pg_write/);
});

describe("the list of backups", () => {
  const snapshot = (id: string, time: string, own = {}) => ({ id, time, tags: ["scheduled"], ...own });

  test("shows the newest first, each once, with where it is", () => {
    const lines = linesOf({
      local: [snapshot("aaaaaaaa1", "2026-11-20T01:00:00Z"), snapshot("bbbbbbbb2", "2026-11-21T01:00:00Z")],
      offsite: [
        snapshot("cccccccc3", "2026-11-20T01:00:00Z", { original: "aaaaaaaa1" }),
        snapshot("dddddddd4", "2026-10-31T01:00:00Z", { original: "eeeeeeee5" }),
      ],
    });
    expect(lines.map((line) => line.split(/ {2,}/)).map((cells) => [cells[0], cells.at(-1)])).toEqual([
      ["BACKUP", "WHERE"],
      ["bbbbbbbb", "server"],
      ["aaaaaaaa", "server, off-site"],
      ["dddddddd", "off-site"],
    ]);
  });

  test("says when what is off-site cannot be told", () => {
    expect(linesOf({ local: [], offsite: null })).toEqual([
      expect.stringMatching(/^BACKUP/),
      "There is none yet.",
      "What is off-site cannot be told: the storage does not answer.",
    ]);
  });
});
