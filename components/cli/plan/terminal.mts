import type { Line } from "./lines.mts";
import { summaryOf, verdictOf } from "./words.mts";

/** Formats the plan as text: a line for each change, with the impact in a column. */
export function asText(stack: string, lines: Line[], refusals: string[] = []): string {
  const refused = refusals.length > 0 ? `\nPolicy violations:\n${refusals.map((one) => `- ${one}\n`).join("")}` : "";
  if (lines.length === 0) return `${summaryOf(stack, lines)}\n${refused}`;
  const width = Math.max(...lines.map(({ mark }) => verdictOf(mark).length));
  const rows = lines.map(({ mark, ...line }) => `  ${verdictOf(mark).padEnd(width)}  ${described(line)}`);
  return `Plan for the stack ${stack}, in order of execution:\n\n${rows.join("\n")}\n\n${summaryOf(stack, lines)}\n${refused}`;
}

function described({ subjects, event, reasons }: Omit<Line, "mark">): string {
  return `${subjects.join(", ")}: ${[event, ...reasons].join("; ")}`;
}
