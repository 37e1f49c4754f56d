import type { Line } from "./lines.mts";
import type { Mark } from "./mark.mts";

/** A mark as it is written. */
export function verdictOf(mark: Mark): string {
  if (mark.kind === "unnoticed") return mark.kind;
  const away = mark.seconds === undefined ? "" : `interrupts (about ${mark.seconds} s)`;
  if (mark.kind === "interrupts") return away || "interrupts (for good)";
  return away ? `${mark.kind}, ${away}` : mark.kind;
}

/** All lines in one sentence. */
export function summaryOf(stack: string, lines: Line[]): string {
  if (lines.length === 0) return `Nothing is to be done: the stack ${stack} is as the program says.`;
  const kinds = lines.map(({ mark }) => mark.kind);
  const subjects = (kind: Mark["kind"]) => [
    ...new Set(lines.filter(({ mark }) => mark.kind === kind).flatMap((line) => line.subjects)),
  ];
  const told = [
    ...(kinds.includes("touches data") ? [`It touches data: ${subjects("touches data").join(", ")}.`] : []),
    ...(kinds.includes("interrupts") ? [`It interrupts: ${subjects("interrupts").join(", ")}.`] : []),
  ];
  return told.length > 0 ? told.join(" ") : "Nobody notices it, and it touches no data.";
}
