import { z } from "zod";

const Labels = z.record(z.string(), z.string()).nullish();

/** The fields of `docker inspect` that the status uses. */
const Container = z.object({
  Id: z.string(),
  Name: z.string(),
  RestartCount: z.number().default(0),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number().default(0),
    OOMKilled: z.boolean().default(false),
    StartedAt: z.string().default(""),
    FinishedAt: z.string().default(""),
    Health: z
      .object({ Status: z.string(), Log: z.array(z.object({ Output: z.string().default("") })).nullish() })
      .nullish(),
  }),
  Config: z.object({ Image: z.string(), Labels }),
  HostConfig: z.object({ Memory: z.number().default(0), RestartPolicy: z.object({ Name: z.string() }) }),
});
export type Container = z.infer<typeof Container>;

/** The parsed output of status.sh. */
export interface Observed {
  /** Time of the server's clock. */
  now: Date;
  containers: Container[];
  /** Memory use in bytes, by container id. */
  memory: Record<string, number>;
  /** Size in KiB by volume name; undefined if unknown. */
  volumes: Record<string, number | undefined>;
  /** Space in KiB on the disk with images and volumes. */
  disk: { free: number; total: number } | undefined;
  /** Report of the backup container. */
  backups: { healthy: boolean; text: string } | undefined;
  /** The site's answer through nginx: body, `=<status code>=`, certificates. */
  site: { path: string; answer: string } | undefined;
}

/** Parses the output of status.sh. */
export function parseObserved(printed: string): Observed {
  const lines = printed.split("\n").map((line) => {
    const [, kind = "", rest = ""] = /^(\S+) (.*)$/s.exec(line) ?? [];
    return { kind, rest, words: rest.split(" ") };
  });
  const all = (kind: string) => lines.filter((line) => line.kind === kind);
  const [clock, disk, backups, site] = ["clock", "disk", "backups", "site"].map((kind) => all(kind)[0]?.words);
  const [free, total] = (disk ?? []).map(Number);
  return {
    now: new Date(Number(clock?.[0]) * 1000),
    containers: all("container").map(({ rest }) => Container.parse(JSON.parse(rest))),
    memory: Object.fromEntries(all("memory").map(({ words: [id = "", bytes] }) => [id, Number(bytes)])),
    volumes: Object.fromEntries(
      all("volume").map(({ words: [name = "", size = ""] }) => [name, /^\d+$/.test(size) ? Number(size) : undefined]),
    ),
    disk: free && total ? { free, total } : undefined,
    backups: backups && { healthy: backups[0] === "0", text: decoded(backups[1]) },
    site: site && { path: site[0] ?? "", answer: decoded(site[1]) },
  };
}

function decoded(base64 = ""): string {
  return Buffer.from(base64, "base64").toString();
}
