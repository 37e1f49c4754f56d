import type { Line } from "./lines.mts";
import type { Mark } from "./mark.mts";

/** Formats the impact of a change, e.g. `downtime (~5 s)`. */
export function verdictOf(mark: Mark): string {
  if (mark.kind === "no downtime") return mark.kind;
  const downtime = mark.seconds === undefined ? "" : `downtime (~${mark.seconds} s)`;
  if (mark.kind === "downtime") return downtime || "removed for good";
  return downtime ? `${mark.kind}, ${downtime}` : mark.kind;
}

/** The worst impact of a plan, e.g. `Data change, downtime (~5 s)`. */
export function worstOf(lines: Line[], refusals: string[]): string {
  const kinds = new Set(lines.map(({ mark }) => mark.kind));
  const downtimes = lines.filter(({ mark }) => mark.kind === "downtime" || "seconds" in mark).map(({ mark }) => mark);
  const seconds = Math.max(0, ...downtimes.map((mark) => ("seconds" in mark ? (mark.seconds ?? 0) : 0)));
  const parts = [
    ...(refusals.length > 0 ? ["refused by a policy"] : []),
    ...(kinds.has("data change") ? ["data change"] : []),
    ...(seconds > 0 ? [`downtime (~${seconds} s)`] : kinds.has("downtime") ? ["removed for good"] : []),
  ];
  const [first = lines.length === 0 ? "nothing to do" : "no downtime, no data change", ...rest] = parts;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(", ");
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
