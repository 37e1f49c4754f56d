import { majorVersionOf } from "./postgres-data";

interface Database {
  host: string;
  image: string;
}

/** Problems of servers whose WAL one container archives, as it recovers each with the first server's programs. */
export function archiveProblems([first, ...others]: readonly Database[]): string[] {
  const own = first && majorVersionOf(first.image);
  if (own === undefined) return [];
  if (own < 13) return [`pointInTime needs PostgreSQL 13 or newer, and ${first?.host} has ${own}`];
  return others.flatMap(({ host, image }) => {
    const major = majorVersionOf(image);
    if (major === undefined || major === own) return [];
    return [
      `pointInTime needs one version of PostgreSQL in all databases, and ${first?.host} has ${own}, ${host} ${major}: put ${host} into Backups of its own`,
    ];
  });
}

/** Problems of servers that one backup container dumps, whose programs are those of the first server's image. */
export function databaseProblems([first, ...others]: readonly Database[]): string[] {
  const own = first && majorVersionOf(first.image);
  if (own === undefined) return [];
  return others.flatMap(({ host, image }) => {
    const major = majorVersionOf(image);
    if (major === undefined || major <= own) return [];
    return [
      `databases names ${first?.host} first, and pg_dump of its PostgreSQL ${own} cannot read ${host} (PostgreSQL ${major}): name the newest server first`,
    ];
  });
}
