import type { Line } from "./lines.mts";
import { summaryOf, verdictOf } from "./words.mts";

/** Formats the plan as text: a line for each change, with the impact in a column. */
export function asText(stack: string, lines: Line[], refusals: string[] = [], obstacles: string[] = []): string {
  const refused = listed("Policy violations", refusals) + listed("The server refuses this release", obstacles);
  if (lines.length === 0) return `${summaryOf(stack, lines)}\n${refused}`;
  const width = Math.max(...lines.map(({ mark }) => verdictOf(mark).length));
  const rows = lines.map(({ mark, ...line }) => `  ${verdictOf(mark).padEnd(width)}  ${described(line)}`);
  return `Plan for the stack ${stack}, in order of execution:\n\n${rows.join("\n")}\n\n${summaryOf(stack, lines)}\n${refused}`;
}

function listed(title: string, entries: string[]): string {
  return entries.length > 0 ? `\n${title}:\n${entries.map((one) => `- ${one}\n`).join("")}` : "";
}

function described({ subjects, event, reasons }: Omit<Line, "mark">): string {
  return `${subjects.join(", ")}: ${[event, ...reasons].join("; ")}`;
}
