import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scriptBeside } from "../scripts";
import { offsetsOf } from "./time-zone";

/** The runner's folder in the container. */
const FOLDER = "/opt/berth-cron";
/** Where the container mounts the volume that the runner shares with its predecessor and its successor. */
export const VOLUME = "/srv/berth-cron";
/** The folder in that volume with the results, which belongs to the container's user. */
export const JOURNAL = `${VOLUME}/journal`;
/** A folder in memory for what concerns this container only. */
export const OWN = "/run/berth-cron";

/** The command line of the runner, without its arguments. */
export const RUNNER = ["sh", `${FOLDER}/cron.sh`];

/** The files of the runner: its script, and the time zone as a table, as many images have no time zone database. */
export function runnerFiles(timeZone: string): Record<string, string> {
  return {
    [`${FOLDER}/cron.sh`]: runnerScript(),
    [`${FOLDER}/moments.awk`]: scriptBeside(__dirname, "moments.awk"),
    [`${FOLDER}/zone`]: offsetsOf(timeZone),
  };
}

function runnerScript(): string {
  const [first = "", ...rest] = ["cron.sh", "run.sh", "schedule.sh", "health.sh", "main.sh"].map((file) =>
    scriptBeside(__dirname, file),
  );
  return [first, readFileSync(NOTES, "utf8"), ...rest].join("");
}

/** The journal's functions, which the backup container has too. */
const NOTES = join(__dirname, "..", "data", "backups", "notes.sh");
