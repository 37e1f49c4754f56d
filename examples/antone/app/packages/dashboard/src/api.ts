/** Where the API is, without the final slash; empty for where the dashboard itself is. Known when the dashboard is built. */
const API = process.env["NEXT_PUBLIC_API_URL"] ?? "";

export interface Post {
  id: string;
  platform: string;
  body: string;
  publishAt: string;
  status: "scheduled" | "publishing" | "published" | "failed" | "cancelled";
  publishedAt: string | null;
  detail: string | null;
}

/** What the API refused, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Signs in and gives the token for the other calls. */
export async function session(password: string): Promise<string> {
  const { token } = await call<{ token: string }>("POST", "/api/session", undefined, { password });
  return token;
}

export function posts(token: string): Promise<Post[]> {
  return call("GET", "/api/posts", token);
}

export function schedule(token: string, post: Pick<Post, "platform" | "body" | "publishAt">): Promise<Post> {
  return call("POST", "/api/posts", token, post);
}

export function cancel(token: string, id: string): Promise<void> {
  return call("DELETE", `/api/posts/${id}`, token);
}

export async function suggest(token: string, topic: string): Promise<string> {
  return (await call<{ body: string }>("POST", "/api/suggestions", token, { topic })).body;
}

async function call<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
  const answer = await fetch(API + path, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused(0, "The API does not answer. Try again in a moment.");
  });
  const said = answer.status === 204 ? undefined : await answer.json().catch(() => undefined);
  if (!answer.ok) throw new Refused(answer.status, said?.error ?? `The API answered ${answer.status}.`);
  return said as T;
}
