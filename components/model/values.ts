/** Whether a value is an object of JSON. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that a function returns; undefined if it throws. */
export function valueOrUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** Parses JSON; undefined if it is none. */
export function parseJson(text: string): unknown {
  return valueOrUndefined((): unknown => JSON.parse(text));
}
