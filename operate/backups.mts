/** A backup as restic tells of it; only what is used here. */
interface Snapshot {
  time: string;
  tags?: string[];
  /** The one it was copied from, where it is a copy. */
  original?: string;
  id: string;
  summary?: { total_bytes_processed?: number; data_added_packed?: number };
}

/** What there is on the server and elsewhere; null where that cannot be told. */
export interface Listed {
  local: Snapshot[];
  offsite: Snapshot[] | null;
}

/** A line each, the newest first, under a heading. */
export function linesOf({ local, offsite }: Listed): string[] {
  const copies = new Map((offsite ?? []).map((copy) => [copy.original ?? copy.id, copy]));
  const known = new Set(local.map(({ id }) => id));
  const rows = [
    ...local.map((one) => ({ ...one, where: copies.has(one.id) ? "server, off-site" : "server" })),
    ...(offsite ?? [])
      .filter((one) => !known.has(one.original ?? one.id))
      .map((one) => ({ ...one, where: "off-site" })),
  ].sort((one, other) => other.time.localeCompare(one.time));
  const cells = rows.map(({ id, time, tags, summary, where }) => [
    id.slice(0, 8),
    new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }),
    (tags ?? []).join(" ") || "by hand",
    size(summary?.total_bytes_processed),
    size(summary?.data_added_packed),
    where,
  ]);
  const table = [["BACKUP", "TAKEN", "WHY", "SIZE", "NEW IN IT", "WHERE"], ...cells];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    ...table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    ),
    ...(rows.length === 0 ? ["There is none yet."] : []),
    ...(offsite === null ? ["What is off-site cannot be told: the storage does not answer."] : []),
  ];
}

function size(bytes: number | undefined): string {
  return bytes === undefined ? "?" : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
