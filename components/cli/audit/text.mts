import { table } from "../terminal/table.mts";
import type { AuditLine } from "./audit.mts";

/** Texts of a line that have columns of their own. */
const COLUMNS = new Set(["at", "action", "by", "account", "address"]);

/** Formats the audit log as a table. */
export function asText(lines: AuditLine[]): string {
  return table(
    ["TIME (UTC)", "PERSON", "FROM", "ACTION", "DETAILS"],
    lines.map((line) => [
      line.at.slice(0, 19).replace("T", " "),
      line["by"] ?? "",
      [line["account"], line["address"]].filter(Boolean).join("@"),
      line.action,
      details(line),
    ]),
  );
}

function details(line: AuditLine): string {
  return Object.entries(line)
    .filter(([key]) => !COLUMNS.has(key))
    .map(([key, value]) => `${key} ${key === "commit" ? value.slice(0, 7) : value}`)
    .join(", ");
}
