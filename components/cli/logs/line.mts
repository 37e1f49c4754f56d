/** A line of a container's log. */
export interface LogLine {
  /** RFC 3339 in UTC with nanoseconds, as Docker prints it. */
  time: string;
  container: string;
  text: string;
}

/** Parses a line of `docker logs --timestamps`. */
export function parseLine(container: string, line: string): LogLine {
  const space = line.indexOf(" ");
  return space === -1
    ? { time: line, container, text: "" }
    : { time: line.slice(0, space), container, text: line.slice(space + 1) };
}

/** Formats a line: time in seconds, container in a column of `width` characters, text. */
export function render({ time, container, text }: LogLine, width: number): string {
  return `${time.replace(/\.\d*Z$/, "Z")} ${container.padEnd(width)} | ${text}`;
}
