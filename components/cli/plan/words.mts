import type { Line } from "./lines.mts";
import type { Mark } from "./mark.mts";

/** Formats the impact of a change, e.g. `downtime (~5 s)`. */
export function verdictOf(mark: Mark): string {
  if (mark.kind === "no downtime") return mark.kind;
  const downtime = mark.seconds === undefined ? "" : `downtime (~${mark.seconds} s)`;
  if (mark.kind === "downtime") return downtime || "removed for good";
  return downtime ? `${mark.kind}, ${downtime}` : mark.kind;
}

/** Summarises the plan in one sentence. */
export function summaryOf(stack: string, lines: Line[]): string {
  if (lines.length === 0) return `Nothing to do: the stack ${stack} matches the program.`;
  const kinds = lines.map(({ mark }) => mark.kind);
  const subjects = (kind: Mark["kind"]) => [
    ...new Set(lines.filter(({ mark }) => mark.kind === kind).flatMap((line) => line.subjects)),
  ];
  const sentences = [
    ...(kinds.includes("data change") ? [`Data change: ${subjects("data change").join(", ")}.`] : []),
    ...(kinds.includes("downtime") ? [`Downtime: ${subjects("downtime").join(", ")}.`] : []),
  ];
  return sentences.length > 0 ? sentences.join(" ") : "No downtime, no data change.";
}
