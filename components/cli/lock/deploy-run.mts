import { hostname } from "node:os";
import { z } from "zod";
import { parsedJson } from "../../model/parsed-json.ts";
import { actorIn } from "../../release/actor.mts";
import { sinceTime } from "../terminal/local-time.mts";
import type { Lock } from "./held-locks.mts";

const DeployRun = z.object({
  by: z.string(),
  host: z.string(),
  /** ISO 8601, UTC. */
  since: z.string(),
  /** Address of the run in CI; empty elsewhere. */
  url: z.string(),
  /** Processes of Pulumi that it started. */
  pids: z.array(z.number()),
});
/** A deployment that holds the lock on the server. */
export type DeployRun = z.infer<typeof DeployRun>;

/** The deployment of this process. */
export function thisRun(environment: NodeJS.ProcessEnv = process.env): DeployRun {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, CI_JOB_URL = "" } = environment;
  const github = GITHUB_RUN_ID ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}` : "";
  return {
    by: actorIn(".", environment),
    host: hostname(),
    since: new Date().toISOString(),
    url: github || CI_JOB_URL,
    pids: [],
  };
}

/** Parses what deploy-lock.sh prints of a run; undefined if there is none. */
export function parseRun(base64: string): DeployRun | undefined {
  return parsedJson(DeployRun, Buffer.from(base64, "base64").toString());
}

/** Describes a run: `ada on runner-7, since 2026-11-27 18:00:12 (5 min ago), https://…`. */
export function describedRun({ by, host, since, url }: DeployRun, now: Date): string {
  return `${by} on ${host}, ${sinceTime(new Date(since), now)}${url && `, ${url}`}`;
}

/** Whether a lock of Pulumi belongs to a process that the run started. */
export function startedBy(run: DeployRun | undefined, holder: Lock["holder"]): boolean {
  return run !== undefined && holder !== undefined && run.host === holder.hostname && run.pids.includes(holder.pid);
}
