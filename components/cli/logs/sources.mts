import { journalOf, socketOf } from "../../model/log-driver.ts";
import { shortName } from "../../model/names.ts";
import type { Place } from "../../remote/place.mts";
import { onServer } from "../../remote/run.mts";

/** A container whose log the engine has. */
export interface LoggedContainer {
  id: string;
  container: string;
  service: string;
}

/** Where the logs of a stack are. */
export interface Sources {
  /** The stack's journal; undefined if there is none, or if the account may not read it. */
  journal: string | undefined;
  /** Whether there is a journal that the account may not read. */
  unreadable: boolean;
  /** The containers whose log is not in the journal. */
  containers: LoggedContainer[];
}

/** Finds the logs of a service, or of all. @throws Problem that lists the services if there is no such service. */
export async function sourcesOf(place: Place, service: string): Promise<Sources> {
  const journal = journalOf(place);
  return parseSources(place, await onServer(place, "containers-of.sh", { words: [journal, service] }));
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
  return { journal, unreadable: access === "unreadable", containers };
}
