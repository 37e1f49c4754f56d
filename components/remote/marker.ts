/** A line before the output of a script, which comes after text that the account's login shell prints (output.mts). */
export const MARKER = "berth-output";

/** Makes a script print the marker before its output. */
export function withMarker(source: string, streams: "stdout" | "both"): string {
  const mark = `printf '\\n${MARKER}\\n'`;
  return `${mark}\n${streams === "both" ? `${mark} >&2\n` : ""}${source}`;
}
