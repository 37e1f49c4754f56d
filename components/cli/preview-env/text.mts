import { age } from "../../model/age.ts";
import { table } from "../terminal/table.mts";
import type { Preview } from "./previews.mts";

/** Formats preview environments as a table. */
export function asTable(previews: Preview[], now = new Date()): string {
  return table(
    ["NAME", "URL", "AGE", "EXPIRES", "COMMIT", "PERSON"],
    previews.map((one) => [
      one.name,
      one.complete ? one.url : `${one.url} (incomplete)`,
      age(now.getTime() - Date.parse(one.created)),
      one.expired ? "expired" : `in ${age(Date.parse(one.expires) - now.getTime())}`,
      one.commit.slice(0, 7),
      one.by,
    ]),
  );
}
