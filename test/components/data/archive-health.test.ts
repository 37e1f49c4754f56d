import { execaSync } from "execa";
import { describe, expect, test } from "vitest";

const NOW = 1_800_000_000;
const WELL = {
  "archive-since": `${NOW - 86_400}`,
  "archived-postgres": `${NOW - 12}`,
  "kept-postgres": "16 2048",
  "base-postgres": `${NOW - 3600} aaaaaaaa`,
};

/** Output of a function of archive-health.sh, with these notes of the journal. */
function says(call: string, notes: Record<string, string>, offsite = "s3:https://s3.example.org/shop"): string[] {
  const cases = Object.entries(notes).map(([name, text]) => `${name}) echo "${text}" ;;`);
  const script = `
    read_note() { case $1 in ${cases.join(" ")} *) printf '%s\\n' "\${2-}" ;; esac; }
    ago() { echo "$(($(date +%s) - $1)) s"; }
    date() { echo ${NOW}; }
    point_in_time() { :; }
    . components/data/backups/health.sh
    . components/data/backups/archive-health.sh
    ${call}`;
  const env = { OFFSITE: offsite, DATABASES: "postgres:mail:mail_backups" };
  return execaSync("sh", ["-euc", script], { env })
    .stdout.split("\n")
    .filter((line) => line !== "");
}

describe("the archive of point-in-time recovery", () => {
  test("says how far behind it is, and where it is", () => {
    const behind = "Point-in-time archive of postgres: 12 s behind";
    expect(says("archive_status", WELL)).toEqual([`${behind}, off-site; the database keeps 16 MiB for it`]);
    expect(says("archive_status", WELL, "")).toEqual([
      `${behind}, on this server only; the database keeps 16 MiB for it`,
    ]);
    expect(says("archive_status", {})).toEqual(["Point-in-time archive of postgres: nothing yet"]);
  });

  test("is well while it is not behind", () => {
    expect(says("archive_state", WELL)).toEqual([]);
  });

  test.each([
    ["is five minutes behind", { "archived-postgres": `${NOW - 301}` }, "is more than 5 min behind."],
    ["has a quarter of the WAL kept for it", { "kept-postgres": "512 2048" }, "keeps more than 25 % of the WAL"],
    [
      "was interrupted",
      { "gap-postgres": `${NOW - 5} It is lost.` },
      "was interrupted, and no base backup was taken since.",
    ],
    [
      "has an old base backup",
      { "base-postgres": `${NOW - 90_001} aaaaaaaa` },
      "the last base backup of postgres is too old.",
    ],
  ])("is not well when it %s", (_what, change, problem) => {
    expect(says("archive_state", { ...WELL, ...change })).toEqual([expect.stringContaining(problem)]);
  });

  test("has time for its first base backup", () => {
    expect(says("archive_state", { "archive-since": `${NOW - 250}` })).toEqual([]);
  });

  test("says the reason to people, and not in the name of an alert", () => {
    const notes = {
      ...WELL,
      "archived-postgres": `${NOW - 900}`,
      "archive-failure-postgres": `${NOW} No route to host`,
    };
    const text = "Point-in-time: the archive of postgres is more than 5 min behind.";
    expect(says("archive_state", notes)).toEqual([text]);
    expect(says('problems=""; judge_archive; echo "$problems"', notes)).toEqual([`  ${text} No route to host`]);
  });
});
