import { type Label, labelIn } from "../../model/labels.ts";
import type { Place } from "../../remote/place.mts";
import { onServer } from "../../remote/run.mts";

/** A release recorded on the server (components/release). */
export interface Release {
  number: number;
  when: Date;
  /** The person who deployed it; empty for a release of an earlier version of Berth. */
  by: string;
  commit: string;
  subject: string;
  /** Whether it had uncommitted edits. */
  edited: boolean;
  rollbackTo: number | undefined;
  /** Its settings, as text. */
  settings: Record<string, string>;
  /** References of its images by their names. */
  images: Record<string, string>;
  /** Whether it runs now. */
  runs: boolean;
}

/** The releases on the server, the newest first. */
export async function releasesOf(place: Place): Promise<Release[]> {
  return parseReleases(await onServer(place, "releases.sh"));
}

/** Parses the output of releases.sh. */
export function parseReleases(lines: string): Release[] {
  const rows = lines.split("\n");
  const used = new Set(rows.filter((row) => row.startsWith("runs ")).map((row) => row.slice("runs ".length)));
  const releases = rows.flatMap((row) => {
    const [, number = "", when = "", labels = ""] = /^release (\d+) (\S+) (.*)$/.exec(row) ?? [];
    return number === "" ? [] : [fromLabels(Number(number), when, JSON.parse(labels))];
  });
  const running = releases.find(({ images }) => Object.values(images).every((image) => used.has(image)));
  return releases.map((release) => ({ ...release, runs: release === running }));
}

function fromLabels(number: number, when: string, labels: Record<string, string>): Release {
  const of = (name: Label) => labelIn(labels, name) ?? "";
  return {
    number,
    when: new Date(when),
    by: of("by"),
    commit: of("commit"),
    subject: of("subject"),
    edited: of("edited") === "true",
    rollbackTo: of("rollbackTo") === "" ? undefined : Number(of("rollbackTo")),
    settings: JSON.parse(of("settings") || "{}"),
    images: Object.fromEntries(
      of("images")
        .split(" ")
        .map((pair) => pair.split("=") as [string, string]),
    ),
    runs: false,
  };
}

/** Formats a release in one line: `12  21 Nov 2026, 07:30  ada  a1b2c3d  Fix the list's paging (with uncommitted edits)`. */
export function describe({ number, when, by, commit, subject, edited, rollbackTo }: Release): string {
  const day = when.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  const source =
    commit === "" ? "no commit" : `${commit.slice(0, 7)}  ${subject}${edited ? " (with uncommitted edits)" : ""}`;
  return `${String(number).padStart(3)}  ${day}  ${by === "" ? "" : `${by}  `}${source}${rollbackTo === undefined ? "" : `, rolled back to ${rollbackTo}`}`;
}
