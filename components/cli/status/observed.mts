import { type Inspected, inspected } from "../../model/inspected.ts";

/** The parsed output of status.sh. */
export interface Observed {
  /** Time of the server's clock. */
  now: Date;
  containers: Inspected[];
  /** Memory use in bytes, by container id. */
  memory: Record<string, number>;
  /** Size in KiB by volume name; undefined if unknown. */
  volumes: Record<string, number | undefined>;
  /** Space in KiB on the disk with images and volumes. */
  disk: { free: number; total: number } | undefined;
  /** Report of the backup container. */
  backups: { healthy: boolean; text: string } | undefined;
  /** Content of the file with which nginx shows the maintenance page; undefined if it does not. */
  maintenance: string | undefined;
  /** The site's answer through nginx: body, `=<status code>=`, certificates. */
  site: { path: string; answer: string } | undefined;
  /** The server's front door, if the site is behind it, and the names that it passes to the stack. */
  door: { runs: boolean; names: string[] } | undefined;
}

/** Parses the output of status.sh. */
export function parseObserved(printed: string): Observed {
  const lines = printed.split("\n").map((line) => {
    const [, kind = "", rest = ""] = /^(\S+) (.*)$/s.exec(line) ?? [];
    return { kind, rest, words: rest.split(" ") };
  });
  const all = (kind: string) => lines.filter((line) => line.kind === kind);
  const kinds = ["clock", "disk", "backups", "site", "door"];
  const [clock, disk, backups, site, door] = kinds.map((kind) => all(kind)[0]?.words);
  const maintenance = all("maintenance")[0]?.rest;
  const [free, total] = (disk ?? []).map(Number);
  return {
    now: new Date(Number(clock?.[0]) * 1000),
    containers: all("container").map(({ rest }) => inspected.container(rest)),
    memory: Object.fromEntries(all("memory").map(({ words: [id = "", bytes] }) => [id, Number(bytes)])),
    volumes: Object.fromEntries(
      all("volume").map(({ words: [name = "", size = ""] }) => [name, /^\d+$/.test(size) ? Number(size) : undefined]),
    ),
    disk: free && total ? { free, total } : undefined,
    backups: backups && { healthy: backups[0] === "0", text: decoded(backups[1]) },
    maintenance: maintenance === undefined ? undefined : decoded(maintenance),
    site: site && { path: site[0] ?? "", answer: decoded(site[1]) },
    door: door && { runs: door[0] === "running", names: door.slice(1).filter((name) => name !== "") },
  };
}

function decoded(base64 = ""): string {
  return Buffer.from(base64, "base64").toString();
}
