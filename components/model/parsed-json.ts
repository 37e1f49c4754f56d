import type { z } from "zod";

/** Parses text as JSON in the form of a schema; undefined if it is something else, e.g. an incomplete file. */
export function parsedJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
