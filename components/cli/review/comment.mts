import { z } from "zod";
import { Problem } from "../../model/problem.ts";
import type { Forge } from "./forge.mts";

const Comments = z.array(z.looseObject({ id: z.number(), body: z.string().nullish() }));
const PAGE = 100;
const TIMEOUT_MS = 30_000;
/** GitHub accepts 65,536 characters. */
const LONGEST = 60_000;

/** Posts a comment, or replaces the earlier one with the same marker. @throws Problem if the API refuses it or does not answer. */
export async function putComment(forge: Forge, marker: string, text: string): Promise<void> {
  const line = `<!-- ${marker} -->`;
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n\n… The rest is in the log of the job.` : text;
  const existing = await find(forge, line);
  const [method, url] = existing === undefined ? ["POST", forge.comments] : [forge.update, forge.comment(existing)];
  await call(forge, url, { method, body: JSON.stringify({ body: `${line}\n${short}` }) });
}

async function find(forge: Forge, line: string): Promise<number | undefined> {
  for (let page = 1; ; page++) {
    const response = await call(forge, `${forge.comments}?per_page=${PAGE}&page=${page}`);
    const comments = Comments.parse(await response.json());
    const found = comments.find(({ body }) => body?.startsWith(line));
    if (found || comments.length < PAGE) return found?.id;
  }
}

async function call({ headers, advice }: Forge, url: string, request: RequestInit = {}): Promise<Response> {
  const { host } = new URL(url);
  const response = await fetch(url, {
    ...request,
    headers: { ...headers, "content-type": "application/json", "user-agent": "berth" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new Problem(`The comment was not written: ${host} does not answer (${error.message}).`);
  });
  if (response.ok) return response;
  const hint = [401, 403, 404].includes(response.status) ? ` ${advice}` : "";
  throw new Problem(`The comment was not written: ${host} answered ${response.status}.${hint}`);
}
