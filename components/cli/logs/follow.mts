import { follow } from "../../remote/run.mts";
import { type LogLine, parseEntry, parseLine } from "./line.mts";
import { journalOptions, type Selection } from "./selection.mts";
import type { Sources } from "./sources.mts";

/** Where the lines that are already shown end. */
interface Shown {
  /** Time of the last line. */
  since: string;
  /** Last place in the journal; undefined if no line of it is shown. */
  cursor: string | undefined;
  /** When the command began. */
  began: Date;
}

/** Prints new lines of a server until Ctrl-C. Those of a journal include containers that start later, e.g. of a release. */
export async function followLogs(
  { place, journal, containers }: Sources,
  { service, text }: Selection,
  { since, cursor, began }: Shown,
  print: (line: LogLine) => void,
): Promise<void> {
  const selection = journalOptions({ text, since: cursor === undefined ? began : undefined });
  const after = cursor === undefined ? [] : [`--after-cursor=${cursor}`];
  await Promise.all([
    ...(journal === undefined
      ? []
      : [
          follow(place, "journal-follow.sh", [journal, service, ...after, ...selection], (line) =>
            print(parseEntry(place, line)),
          ),
        ]),
    ...containers.map(({ id, ...source }) =>
      follow(place, "container-log.sh", [id, text, "--follow", "--since", nextNanosecond(since)], (line) => {
        const parsed = parseLine(source, line);
        if (parsed.text.includes(text)) print(parsed);
      }),
    ),
  ]);
}

/** One nanosecond later, so that the last line is not printed twice. */
function nextNanosecond(time: string): string {
  const [, begin = "", fraction = "0"] = /^(.*?)(?:\.(\d+))?Z$/.exec(time) ?? [];
  if (begin === "") return time;
  const nanoseconds = BigInt(fraction.padEnd(9, "0")) + 1n;
  const next = nanoseconds > 999_999_999n ? new Date(Date.parse(`${begin}Z`) + 1000).toISOString().slice(0, 19) : begin;
  return `${next}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}Z`;
}
