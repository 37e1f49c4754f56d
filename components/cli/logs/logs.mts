import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import { attempt } from "../../remote/run.mts";
import type { Deployed } from "../state/state.mts";
import { followLogs } from "./follow.mts";
import { asJson, type JournalLine, type LogLine, parseEntry, parseLine, render } from "./line.mts";
import { dockerOptions, journalOptions, type Selection } from "./selection.mts";
import { type LoggedContainer, type Sources, sourcesOf } from "./sources.mts";

export interface LogOptions extends Selection {
  /** Number of lines to show, the newest ones. */
  lines: number;
  /** Whether to print new lines until Ctrl-C. */
  follow: boolean;
  /** Whether to print JSON, an object a line. */
  json: boolean;
}

/**
 * Prints the logs of a stack on all its servers, ordered by time: of all its releases if it has a journal, else of the existing containers,
 * including stopped ones.
 */
export async function showLogs(deployed: Pick<Deployed, "place" | "others">, options: LogOptions): Promise<void> {
  const began = new Date();
  const sources = await sourcesOf(deployed, options.service);
  if (sources.some(({ unreadable }) => unreadable)) {
    console.error("Only logs of existing containers: the account may not read the stack's journal without a password.");
  }
  const logs = await Promise.all(sources.map((source) => readLogs(source, options)));
  const ordered = logs.flatMap(({ lines }) => lines).sort((one, other) => one.time.localeCompare(other.time));
  const shown = ordered.slice(-options.lines);
  const logged = sources.flatMap(({ containers }) => containers);
  const width = Math.max(0, ...[...logged, ...shown].map(({ container }) => container.length));
  const print = (line: LogLine) => console.log(options.json ? asJson(line) : render(line, width));
  for (const line of shown) print(line);
  if (!options.follow) return;
  await Promise.all(
    logs.map(({ source, lines, cursor }) =>
      followLogs(source, options, { since: newest(lines) ?? began.toISOString(), cursor, began }, print),
    ),
  );
}

/** The lines of a server's logs, and the last place in its journal. */
async function readLogs(source: Sources, options: LogOptions) {
  const [journaled, ...others] = await Promise.all([
    journalLines(source, options),
    ...source.containers.map((container) => containerLines(source.place, container, options)),
  ]);
  return { source, lines: [...journaled, ...others.flat()], cursor: journaled.at(-1)?.cursor };
}

function newest(lines: LogLine[]): string | undefined {
  return lines
    .map(({ time }) => time)
    .sort()
    .at(-1);
}

/** Lines of the journal, the oldest one first. */
async function journalLines({ place, journal }: Sources, options: LogOptions): Promise<JournalLine[]> {
  if (journal === undefined) return [];
  const words = [journal, options.service, String(options.lines), ...journalOptions(options)];
  const { status, stdout, stderr } = await attempt(place, "journal-log.sh", { words });
  if (status !== 0) throw new Problem(`The journal ${journal} cannot be read: ${stderr.trim()}`);
  return linesIn(stdout)
    .map((line) => parseEntry(place, line))
    .reverse();
}

async function containerLines(place: Place, source: LoggedContainer, options: LogOptions): Promise<LogLine[]> {
  const { text, lines } = options;
  const tail = text === "" ? ["--tail", String(lines)] : [];
  const words = [source.id, text, ...tail, ...dockerOptions(options)];
  const { status, stdout, stderr } = await attempt(place, "container-log.sh", { words });
  if (status !== 0) throw new Problem(`The log of ${source.container} cannot be read: ${stderr.trim()}`);
  const { service, container } = source;
  return linesIn(stdout)
    .map((line) => parseLine({ service, container }, line))
    .filter((line) => line.text.includes(text));
}

function linesIn(output: string): string[] {
  return output.split("\n").filter((line) => line !== "");
}
