import { shortName } from "../../model/names.ts";
import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import { attempt, follow, onServer } from "../../remote/run.mts";
import { parseLine, render } from "./line.mts";

interface LogOptions {
  /** Name of the service. Default: all services. */
  service: string | undefined;
  /** Number of lines to show, the newest ones. */
  lines: number;
  /** Whether to print new lines until Ctrl-C. */
  follow: boolean;
}

/** Prints the logs of a stack's containers, including stopped ones, ordered by time. */
export async function showLogs(place: Place, { service = "", lines, follow: following }: LogOptions): Promise<void> {
  const containers = (await onServer(place, "containers-of.sh", { words: [service] }))
    .trim()
    .split("\n")
    .map((line) => {
      const [id = "", name = ""] = line.split(" ");
      return { id, name: shortName(place, name) };
    });
  const width = Math.max(...containers.map(({ name }) => name.length));
  const until = new Date().toISOString();
  const logs = await Promise.all(
    containers.map(async ({ id, name }) => {
      const { status, stdout, stderr } = await attempt(place, "container-log.sh", {
        words: [id, "--tail", String(lines)],
      });
      if (status !== 0) throw new Problem(`The log of ${name} cannot be read: ${stderr.trim()}`);
      return stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => parseLine(name, line));
    }),
  );
  const ordered = logs.flat().sort((one, other) => one.time.localeCompare(other.time));
  for (const line of ordered.slice(-lines)) console.log(render(line, width));
  if (following) {
    const since = ordered.at(-1)?.time ?? until;
    await Promise.all(
      containers.map(({ id, name }) =>
        follow(place, "container-log.sh", [id, "--follow", "--since", nextNanosecond(since)], (line) =>
          console.log(render(parseLine(name, line), width)),
        ),
      ),
    );
  }
}

/** One nanosecond later, so that the last line is not printed twice. */
function nextNanosecond(time: string): string {
  const [, begin = "", fraction = "0"] = /^(.*?)(?:\.(\d+))?Z$/.exec(time) ?? [];
  if (begin === "") return time;
  const nanoseconds = BigInt(fraction.padEnd(9, "0")) + 1n;
  const next = nanoseconds > 999_999_999n ? new Date(Date.parse(`${begin}Z`) + 1000).toISOString().slice(0, 19) : begin;
  return `${next}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}Z`;
}
