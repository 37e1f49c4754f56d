import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linesOf } from "../../../../components/cli/backups/list.mts";
import { makeReader } from "../../../../components/data/postgres-roles";
import { withPreamble } from "../../../../components/model/preamble";

const SCRIPTS = "components/data/backups";

/** The day whose backup is due at a moment, in a time zone and with backups at `time`. */
function dueSlot(moment: string, timeZone: string, time: string): string {
  const script = `. ${SCRIPTS}/schedule.sh
    date() { case $1 in -d) command date "$@" ;; *) command date -d "@$NOW" "$@" ;; esac; }
    due_slot`;
  const env = { TZ: timeZone, BACKUP_TIME: time, NOW: String(Date.parse(moment) / 1000) };
  return execaSync("sh", ["-euc", script], { env }).stdout;
}

describe("the backup schedule", () => {
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
  ])("decides that %s", (_what, moment, timeZone, time, slot) => {
    expect(dueSlot(moment, timeZone, time)).toBe(slot);
  });
});

describe("the backup journal", () => {
  const NOW = Date.parse("2026-11-21T12:00:00Z") / 1000;
  const [HOUR, DAY] = [3600, 86_400];
  let journal: string;

  beforeEach(() => {
    journal = mkdtempSync(join(tmpdir(), "berth-journal-"));
  });
  afterEach(() => rmSync(journal, { recursive: true }));

  /** Output of a script that uses the backup functions, its own journal and a fixed clock. */
  function says(script: string, notes: Record<string, string | number> = {}, OFFSITE = ""): string {
    for (const [name, text] of Object.entries(notes)) writeFileSync(join(journal, name), `${text}\n`);
    const parts = ["notes", "journal", "backup", "offsite", "drill", "schedule", "health"];
    const env = { JOURNAL: journal, NOW: String(NOW), TZ: "UTC", BACKUP_TIME: "0200", OFFSITE, PING_URL: "" };
    const stubs = `
      note() { printf '%s\\n' "$2" >"$JOURNAL/$1"; }
      read_note() { cat "$JOURNAL/$1" 2>/dev/null || printf '%s\\n' "\${2-}"; }
      delete_note() { rm -f "$JOURNAL/$1"; }
      say() { :; }
      date() { case $1 in -d) command date "$@" ;; *) command date -d "@$NOW" "$@" ;; esac; }`;
    const all = [...parts.map((part) => `. ${SCRIPTS}/${part}.sh`), stubs, script].join("\n");
    return execaSync("sh", ["-euc", all], { env }).stdout;
  }

  test.each([
    ["is well after 26 hours", { good: 26 * HOUR }, []],
    ["is not well after more", { good: 26 * HOUR + 1 }, ["The last good backup is too old."]],
    [
      "is not well without one 26 hours after its first day",
      { since: 26 * HOUR + 1 },
      ["The last good backup is too old."],
    ],
    ["is well 8 days after a proven restore", { drill: 8 * DAY }, []],
    ["is not well after more than that", { drill: 8 * DAY + 1 }, ["The last proven restore is too long ago."]],
    ["is not well when the copy is older than 26 hours", { offsite: 26 * HOUR + 1 }, ["The off-site copy is too old."]],
  ])("%s", (_what, ages, problems) => {
    const notes = { since: 0, good: 0, drill: 0, offsite: 0, ...ages };
    const missing = "since" in ages ? ["good"] : [];
    const known = Object.entries(notes).filter(([name]) => !missing.includes(name));
    const script = 'problems=""; judge; printf "%s" "$problems"';
    const said = says(script, Object.fromEntries(known.map(([name, age]) => [name, NOW - age])), "s3:elsewhere");
    expect(said.split("\n").flatMap((line) => line.trim() || [])).toEqual(problems);
  });

  test("ages are reported in an unhealthy state too, and only past times count", () => {
    const notes = {
      since: NOW,
      good: `${NOW - HOUR} aaaaaaaa`,
      drill: `${NOW - DAY} aaaaaaaa`,
      failure: `${NOW - 60} Full.`,
    };
    expect(says("healthy || echo $?", notes).split("\n")).toEqual([
      "Last good backup: aaaaaaaa, 60 min ago",
      "Off-site: no copy, so a loss of this server loses the backups too. Set backupS3Endpoint (docs/backups.md).",
      "Last proven restore: of aaaaaaaa, 24 h ago",
      "Not well:",
      "  The last backup failed 60 s ago: Full.",
      "1",
    ]);
  });

  test.each([
    ["at once after the first good backup", {}, "drill"],
    ["not before a week is over", { drill: 7 * DAY - 1 }, ""],
    ["after a week", { drill: 7 * DAY }, "drill"],
    ["not within a day after one that failed", { drill: 8 * DAY, "drill-failure": DAY - 1 }, ""],
    ["a day after one that failed", { drill: 8 * DAY, "drill-failure": DAY }, "drill"],
  ])("a restore is proven %s", (_what, ages, done) => {
    const notes = Object.fromEntries(Object.entries({ good: 0, ...ages }).map(([name, age]) => [name, NOW - age]));
    expect(says("drill() { echo drill; }; drill_when_due", notes)).toBe(done);
  });

  test("no restore is proven before the first backup", () => {
    expect(says("drill() { echo drill; }; drill_when_due")).toBe("");
  });

  test("a day counts as backed up even when removing old backups fails afterwards", () => {
    const script = `
      save() { id=aaaaaaaa; echo saved; }
      last_error() { echo "It is locked."; }
      retain() { record_failure "Old backups could not be removed"; }
      back_up_when_due || true
      NOW=$((NOW + 3600)); back_up_when_due; cat "$JOURNAL/failure"`;
    expect(says(script)).toMatch(/^saved\n\d+ It is locked\.$/);
  });

  describe("a release with new migrations", () => {
    const releases = (script: string) =>
      says(
        `any_table() { :; }; take_first() { echo "$2"; }; with_lock() { shift; "$@"; }; note migrations m1; ${script}`,
      ).split("\n");

    test("takes a backup before each attempt until the migration succeeds", () => {
      const tried = "before_release r2 m2";
      expect(releases(`${tried}; ${tried}; released m2; before_release r3 m2`)).toEqual(["before-r2", "before-r2"]);
    });

    test("stays pending after a failure when another release's migration succeeds", () => {
      expect(releases("before_release r2 m2; released m1; before_release r2 m2")).toEqual(["before-r2", "before-r2"]);
      expect(releases("before_release r2 m2; before_release r1 m1; released; before_release r2 m2")).toEqual([
        "before-r2",
        "before-r2",
      ]);
    });

    test("is recorded as done by any job when the release names no migrations", () => {
      expect(releases("before_release r2 m2; released; before_release r3 m2")).toEqual(["before-r2"]);
    });
  });
});

describe("the previous backup container", () => {
  const SCRIPT = withPreamble(readFileSync("components/data/scripts/let-finish.sh", "utf8"));
  let bin: string;

  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), "berth-finish-"));
  });
  afterEach(() => rmSync(bin, { recursive: true }));

  function letFinish(docker: string) {
    writeFileSync(join(bin, "docker"), `#!/bin/sh\n${docker}\n`);
    chmodSync(join(bin, "docker"), 0o755);
    const env = { PATH: `${bin}:${process.env["PATH"]}` };
    return execaSync("sh", ["-c", SCRIPT, "sh", "c1"], { reject: false, env });
  }

  test("is awaited without a timeout, and a long wait reports its current task", () => {
    const { exitCode, stdout } = letFinish(`
      case "$*" in
        "inspect c1") ;;
        "stop -t -1 c1") sleep 5 ;;
        "exec c1 "*" under-way") echo "a backup for 3 h" ;;
        *) exit 1 ;;
      esac`);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      "Waiting for the previous backup container to complete its task: a backup for 3 h. To interrupt it: docker kill c1",
    );
  });

  test("is not awaited once it no longer exists, and a failed stop is an error", () => {
    expect(letFinish("exit 1")).toMatchObject({ exitCode: 0, stdout: "" });
    expect(letFinish('[ "$1" = inspect ]').exitCode).toBe(1);
  });
});

test("a backup role can read everything and owns nothing", () => {
  const sql = makeReader({ login: "mail_backups", database: "mail" }, "it's secret");
  expect(sql.indexOf("SET log_min_error_statement = panic;")).toBe(0);
  expect(sql).toContain(`GRANT pg_read_all_data TO "mail_backups";`);
  expect(sql).toContain(`ALTER ROLE "mail_backups" PASSWORD 'it''s secret';`);
  expect(sql).not.toMatch(/OWNER|SUPERUSER|CREATEDB|pg_write/);
});

describe("the list of backups", () => {
  const snapshot = (id: string, time: string, own = {}) => ({ id, time, tags: ["scheduled"], ...own });

  test("shows each backup once with its location, newest first", () => {
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

  test("reports when the off-site repository cannot be read", () => {
    expect(linesOf({ local: [], offsite: null })).toEqual([
      expect.stringMatching(/^BACKUP/),
      "There is none yet.",
      "The off-site storage does not answer, so its backups are not listed.",
    ]);
  });
});
