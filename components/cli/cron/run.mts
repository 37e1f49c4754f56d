import { auditFolder } from "../../model/audit.ts";
import { actorIn } from "../../release/actor.mts";
import type { Place } from "../../remote/place.mts";
import { runInteractively } from "../../remote/run.mts";

/** Starts a run of a scheduled job, shows its log and returns its exit code. */
export function runJob(place: Place, name: string): Promise<number> {
  return runInteractively(place, "cron-run.sh", {
    words: [auditFolder(place.sshPrefix), actorIn("."), name],
    input: "",
  });
}
