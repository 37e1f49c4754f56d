import type { Line } from "./lines.mts";
import { summaryOf, verdictOf } from "./words.mts";

/** Formats the plan as a Markdown table, e.g. for a review comment. */
export function asMarkdown(stack: string, lines: Line[], refusals: string[] = [], obstacles: string[] = []): string {
  const refused = listed("Policy violations", refusals) + listed("The server refuses this release", obstacles);
  const title = `### Plan for the stack ${cell(stack)}`;
  if (lines.length === 0) return `${title}\n\n${summaryOf(stack, lines)}\n${refused}`;
  const rows = lines.map(
    ({ subjects, event, reasons, mark }, index) =>
      `| ${index + 1} | ${emphasise(mark.kind, verdictOf(mark))} | ${cell(subjects.join(", "))} | ${cell(event)} | ${cell(reasons.join("; "))} |`,
  );
  return `${title}\n\n| | Impact | Resource | Change | Reason |\n|---|---|---|---|---|\n${rows.join("\n")}\n\n**${summaryOf(stack, lines)}**\n${refused}`;
}

function listed(title: string, entries: string[]): string {
  return entries.length > 0 ? `\n**${title}:**\n\n${entries.map((one) => `- ${cell(one)}\n`).join("")}` : "";
}

function emphasise(kind: Line["mark"]["kind"], text: string): string {
  return kind === "no downtime" ? text : `**${text}**`;
}

/** Escapes text for a Markdown table cell. */
function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, (character) => `\\${character}`);
}
