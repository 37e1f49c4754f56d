import { majorVersionOf } from "./postgres-data";

interface Database {
  host: string;
  image: string;
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
