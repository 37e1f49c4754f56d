import { journalOf, socketOf } from "../../model/log-driver.ts";
import { shortName } from "../../model/names.ts";
import { Problem } from "../../model/problem.ts";
import type { Place } from "../../remote/place.mts";
import { attempt } from "../../remote/run.mts";
import { askOthers } from "../state/others.mts";
import type { Deployed } from "../state/state.mts";

/** A container whose log the engine has. */
export interface LoggedContainer {
  id: string;
  container: string;
  service: string;
}

/** Where the logs of a stack are on a server. */
export interface Sources {
  place: Place;
  /** The stack's journal; undefined if there is none, or if the account may not read it. */
  journal: string | undefined;
  /** Whether there is a journal that the account may not read. */
  unreadable: boolean;
  /** The containers whose log is not in the journal. */
  containers: LoggedContainer[];
}

/**
 * Finds the logs of a service, or of all, on each server that has any. A server that does not answer is named on standard error.
 *
 * @throws Problem that lists the services if no server has such a service.
 */
export async function sourcesOf({ place, others }: Pick<Deployed, "place" | "others">, service: string) {
  const [home, { answers, problems }] = await Promise.all([
    sourcesOn(place, service),
    askOthers(others, (other) => sourcesOn(other, service)),
  ]);
  for (const problem of problems) console.error(problem);
  const found = [home, ...answers].filter((one): one is Sources => !(one instanceof Problem));
  if (found.length === 0 && home instanceof Problem) throw home;
  return found;
}

/** The logs on a server, or what it says if it has none of the service. */
async function sourcesOn(place: Place, service: string): Promise<Sources | Problem> {
  const { status, stdout, stderr } = await attempt(place, "containers-of.sh", { words: [journalOf(place), service] });
  return status === 0 ? parseSources(place, stdout) : new Problem(stderr.trim());
}

/** Parses the output of containers-of.sh. */
export function parseSources(place: Place, printed: string): Sources {
  const lines = printed.split("\n").map((line) => line.split(" "));
  const access = lines.find(([kind]) => kind === "journal")?.[1];
  const journal = access === "readable" ? journalOf(place) : undefined;
  const address = journal && `unixgram://${socketOf(journal)}`;
  const containers = lines
    .filter(([kind, , , , log]) => kind === "container" && (address === undefined || log !== address))
    .map(([, id = "", name = "", service = ""]) => ({ id, container: shortName(place, name.slice(1)), service }));
  return { place, journal, unreadable: access === "unreadable", containers };
}
