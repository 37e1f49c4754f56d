export interface Finding {
  title: string;
  level: "good" | "note" | "weak" | "bad";
  detail: string;
}

export interface Result {
  finished_at: string;
  grade: "good" | "fair" | "poor" | "failed";
  findings: Finding[];
  /** Address of the result file. */
  file: string;
}

export interface Scan {
  id: string;
  url: string;
  requested_at: string;
  requested_by: string | null;
  scheduled: boolean;
  attempts: number;
  result: Result | null;
}

export interface Overview {
  hosts: string[];
  /** Words to confirm for the scan of another site; empty if none may be scanned. */
  consent: string;
  schedules: { name: string; when: string; last_run_at: string | null }[];
}

export interface Session {
  user: string | null;
  staff: boolean;
}

export interface Page<Item> {
  count: number;
  results: Item[];
}

/** An answer of the API that says no, in words for people. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** @throws Refusal when the API does not do it, or nobody answers. */
export async function ask<Answer>(path: string, method = "GET", body?: unknown): Promise<Answer> {
  const answer = await fetch(`/api/${path}`, {
    method,
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refusal(0, "SecuLite does not answer. Is this computer online?");
  });
  if (answer.status === 204) return undefined as Answer;
  const said: unknown = await answer.json().catch(() => ({}));
  if (!answer.ok)
    throw new Refusal(answer.status, reason(said) ?? `It does not work now (${answer.status}). Try again shortly.`);
  return said as Answer;
}

function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/** REST framework says `{detail}`, or a list of texts for each field. */
function reason(said: unknown): string | undefined {
  if (typeof said !== "object" || said === null) return undefined;
  return Object.values(said)
    .flat()
    .find((text): text is string => typeof text === "string");
}
