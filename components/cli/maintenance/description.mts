import { z } from "zod";
import { parsedJson } from "../../model/parsed-json.ts";

const Maintenance = z.object({
  /** ISO 8601, UTC. */
  since: z.string(),
  by: z.string(),
  message: z.string(),
  /** Seconds after which visitors may try again. */
  retryAfter: z.number(),
  /** Addresses and networks that pass. */
  allow: z.array(z.string()),
});
/** The maintenance of a stack, as the file `on` in the edge's volume describes it. */
export type Maintenance = z.infer<typeof Maintenance>;

/** Parses the file `on`; undefined if it is absent or unreadable. */
export function parseMaintenance(text: string): Maintenance | undefined {
  return parsedJson(Maintenance, text);
}
