import { z } from "zod";
import { table } from "../terminal/table.mts";

/** A backup as restic lists it. */
const Snapshot = z.object({
  time: z.string(),
  tags: z.array(z.string()).nullish(),
  /** Id of the snapshot on the server, if this one is its off-site copy. */
  original: z.string().optional(),
  id: z.string(),
  summary: z
    .object({ total_bytes_processed: z.number().optional(), data_added_packed: z.number().optional() })
    .nullish(),
});

const Listed = z.object({ local: z.array(Snapshot), offsite: z.array(Snapshot).nullable() });
/** Snapshots on the server and off-site; `offsite` is null if the off-site storage does not answer. */
export type Listed = z.infer<typeof Listed>;

/** A backup as `berth backups --json` prints it. */
export interface Backup {
  id: string;
  /** ISO 8601. */
  time: string;
  tags: string[];
  bytes: number | null;
  newBytes: number | null;
  server: boolean;
  offsite: boolean;
}

/** Tags of the snapshots with which a time is restored (archived.sh). */
const ARCHIVE = ["base", "wal", "wal-open"];

export function parseListed(text: string): Listed {
  const { local, offsite } = Listed.parse(JSON.parse(text));
  const isBackup = ({ tags }: z.infer<typeof Snapshot>) => !tags?.some((tag) => ARCHIVE.includes(tag));
  return { local: local.filter(isBackup), offsite: offsite?.filter(isBackup) ?? null };
}

/** All backups, the newest first. A backup and its off-site copy are one entry. */
export function backupsOf({ local, offsite }: Listed): Backup[] {
  const copies = new Set((offsite ?? []).map(({ original, id }) => original ?? id));
  const localIds = new Set(local.map(({ id }) => id));
  return [
    ...local.map((one) => ({ ...one, server: true, offsite: copies.has(one.id) })),
    ...(offsite ?? [])
      .filter((one) => !localIds.has(one.original ?? one.id))
      .map((one) => ({ ...one, server: false, offsite: true })),
  ]
    .sort((one, other) => other.time.localeCompare(one.time))
    .map(({ id, time, tags, summary, server, offsite: copied }) => ({
      id: id.slice(0, 8),
      time,
      tags: tags ?? [],
      bytes: summary?.total_bytes_processed ?? null,
      newBytes: summary?.data_added_packed ?? null,
      server,
      offsite: copied,
    }));
}

/** A table of backups, the newest first. */
export function linesOf(listed: Listed): string[] {
  const rows = backupsOf(listed).map(({ id, time, tags, bytes, newBytes, server, offsite }) => [
    id,
    new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }),
    tags.join(" ") || "by hand",
    size(bytes),
    size(newBytes),
    [...(server ? ["server"] : []), ...(offsite ? ["off-site"] : [])].join(", "),
  ]);
  return [
    ...table(["BACKUP", "TAKEN", "WHY", "SIZE", "NEW IN IT", "WHERE"], rows).split("\n"),
    ...(rows.length === 0 ? ["There is none yet."] : []),
    ...(listed.offsite === null ? ["The off-site storage does not answer, so its backups are not listed."] : []),
  ];
}

function size(bytes: number | null): string {
  return bytes === null ? "?" : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
