import { readFileSync } from "node:fs";
import { z } from "zod";
import { Problem } from "../../model/problem.ts";

/** The comments of a pull or merge request in the API of GitHub or GitLab. */
export interface Forge {
  /** URL of the list of comments, to which a new one is posted. */
  comments: string;
  /** URL of a comment. */
  comment: (id: number) => string;
  /** Method that changes a comment. */
  update: "PATCH" | "PUT";
  headers: Record<string, string>;
  /** What to do when the API refuses the token. */
  advice: string;
}

const Event = z.looseObject({ pull_request: z.looseObject({ number: z.number() }).optional() });

/** The pull or merge request that this process runs for in CI. @throws Problem outside of one, or without a token. */
export function forgeOf(environment: NodeJS.ProcessEnv): Forge {
  if (environment["GITHUB_ACTIONS"]) return github(environment);
  if (environment["GITLAB_CI"]) return gitlab(environment);
  throw new Problem("--comment is for GitHub Actions and GitLab CI, where Berth knows the pull or merge request.");
}

function github(environment: NodeJS.ProcessEnv): Forge {
  const { GITHUB_API_URL = "https://api.github.com", GITHUB_REPOSITORY = "", GITHUB_EVENT_PATH = "" } = environment;
  const number = Event.safeParse(json(GITHUB_EVENT_PATH)).data?.pull_request?.number;
  if (number === undefined) throw new Problem("--comment needs a pull request: run the workflow `on: pull_request`.");
  const token = required(environment, "GITHUB_TOKEN", "the github.token of the job");
  const repository = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues`;
  return {
    comments: `${repository}/${number}/comments`,
    comment: (id) => `${repository}/comments/${id}`,
    update: "PATCH",
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
    advice: "The job needs `permissions: pull-requests: write`, which pull requests from forks do not get.",
  };
}

function gitlab(environment: NodeJS.ProcessEnv): Forge {
  const { CI_API_V4_URL = "", CI_PROJECT_ID = "", CI_MERGE_REQUEST_IID } = environment;
  if (!CI_MERGE_REQUEST_IID)
    throw new Problem("--comment needs a merge request pipeline: CI_MERGE_REQUEST_IID is not set.");
  const token = required(environment, "BERTH_GITLAB_TOKEN", "a project access token with the scope api");
  const notes = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;
  return {
    comments: notes,
    comment: (id) => `${notes}/${id}`,
    update: "PUT",
    headers: { "private-token": token },
    advice: "BERTH_GITLAB_TOKEN must be a project access token with the scope api and the role Reporter or higher.",
  };
}

function required(environment: NodeJS.ProcessEnv, name: string, value: string): string {
  const found = environment[name];
  if (found) return found;
  throw new Problem(`--comment needs the variable ${name}: ${value}`);
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
