/** A line of a container's log. */
export interface LogLine {
  /** RFC 3339, as Docker gives it: to the nanosecond, UTC. */
  time: string;
  container: string;
  text: string;
}

/** Reads a line that `docker logs --timestamps` prints. */
export function parseLine(container: string, line: string): LogLine {
  const space = line.indexOf(" ");
  return space === -1
    ? { time: line, container, text: "" }
    : { time: line.slice(0, space), container, text: line.slice(space + 1) };
}

/** A line for people: time to the second, container in a column, text. */
export function render({ time, container, text }: LogLine, width: number): string {
  return `${time.replace(/\.\d*Z$/, "Z")} ${container.padEnd(width)} | ${text}`;
}
