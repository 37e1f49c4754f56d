import { execaSync } from "execa";
import { describe, expect, test } from "vitest";

const CHAIN = "postgres@1764200000";

interface Snapshot {
  kind: "base" | "wal" | "wal-open" | "scheduled";
  id: string;
  /** Time of day of its data, its begin and its end. */
  time: string;
  begin?: string;
  end?: string;
  chain?: string;
}

/** A snapshot as restic lists it. */
function listed({ kind, id, time, begin = time, end = time, chain = CHAIN }: Snapshot): unknown {
  const at = (clock: string) => `2026-11-26T${clock}.123456789Z`;
  return {
    time: at(time),
    tree: "00",
    paths: ["/srv/backups/wal/postgres"],
    hostname: "shop-prod",
    tags: kind === "scheduled" ? [kind] : [kind, chain],
    program_version: "restic 0.19.1",
    summary: { backup_start: at(begin), backup_end: at(end), files_new: 1 },
    id,
    short_id: id.slice(0, 8),
  };
}

/** Output of a function of archived.sh that reads the lines of these snapshots. */
function says(call: string, snapshots: Snapshot[]): string {
  const script = `. components/data/backups/archived.sh; archived_lines | ${call}`;
  return execaSync("sh", ["-euc", script], { input: JSON.stringify(snapshots.map(listed)) }).stdout;
}

const ARCHIVE: Snapshot[] = [
  { kind: "scheduled", id: "aa", time: "02:00:00" },
  { kind: "base", id: "b1", time: "02:01:00", begin: "02:01:00", end: "02:05:00" },
  { kind: "wal", id: "w0", time: "01:59:00", end: "02:00:30" },
  { kind: "wal", id: "w1", time: "06:00:00", end: "06:00:05" },
  { kind: "base", id: "b2", time: "12:00:00", begin: "12:00:00", end: "12:04:00" },
  { kind: "wal", id: "w2", time: "13:00:00", end: "13:00:05" },
  { kind: "wal-open", id: "o1", time: "14:30:00", end: "14:30:02" },
  { kind: "wal-open", id: "o2", time: "14:31:00", end: "14:31:02" },
];

describe("the times that can be restored", () => {
  test("begin with the end of a base backup, and end with the last WAL", () => {
    expect(says("range_lines", ARCHIVE)).toBe("postgres 2026-11-26T02:05:00 2026-11-26T14:31:00");
  });

  test("have a gap where a chain was interrupted", () => {
    const next = "postgres@1764250000";
    const after: Snapshot[] = [
      { kind: "base", id: "b3", time: "16:00:00", end: "16:02:00", chain: next },
      { kind: "wal-open", id: "o3", time: "16:30:00", chain: next },
    ];
    expect(says("range_lines", [...ARCHIVE, ...after]).split("\n")).toEqual([
      "postgres 2026-11-26T02:05:00 2026-11-26T14:31:00",
      "postgres 2026-11-26T16:02:00 2026-11-26T16:30:00",
    ]);
    expect(says("choose postgres 2026-11-26T15:00:00", [...ARCHIVE, ...after])).toBe("");
    expect(says("choose postgres 2026-11-26T16:10:00", [...ARCHIVE, ...after])).toBe("b3 o3");
  });

  test("are none without a base backup", () => {
    expect(says("range_lines", [{ kind: "wal-open", id: "o1", time: "14:30:00" }])).toBe("");
  });
});

describe("a time is restored from", () => {
  test.each([
    ["the last base backup before it, and all WAL since", "14:30:30", "b2 w2 o2"],
    ["WAL up to the time, and no later WAL", "06:00:00", "b1 w1"],
    ["an earlier base backup while the next one was not complete", "12:03:00", "b1 w1 w2"],
    ["nothing before the end of the first base backup", "02:04:00", ""],
    ["nothing after the last WAL", "14:31:01", ""],
  ])("%s", (_what, clock, ids) => {
    expect(says(`choose postgres 2026-11-26T${clock}`, ARCHIVE)).toBe(ids);
  });

  test("snapshots of its own database only", () => {
    expect(says("choose search 2026-11-26T14:00:00", ARCHIVE)).toBe("");
  });
});

describe("what is outdated", () => {
  const outdated = (since: string, more: Snapshot[] = []) =>
    says(`outdated_lines 2026-11-26T${since}`, [...ARCHIVE, ...more])
      .split("\n")
      .filter(Boolean);

  test("is what precedes the last base backup before the first time to keep", () => {
    expect(outdated("12:30:00")).toEqual(["w0", "b1", "w1"]);
  });

  test("is not the base backup that the first time to keep needs", () => {
    expect(outdated("12:03:59")).toEqual(["w0"]);
  });

  test("is a whole chain that ended before", () => {
    const next: Snapshot = { kind: "base", id: "b3", time: "16:00:00", chain: "postgres@1764250000" };
    expect(outdated("15:00:00", [next]).sort()).toEqual(["b1", "b2", "o1", "o2", "w0", "w1", "w2"]);
  });
});
