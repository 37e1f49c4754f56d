import type { Post } from "@antone/database";
import { ask, keys } from "./ask.ts";

const AUTHORITY = process.env["REDDIT_AUTHORITY"] ?? "https://www.reddit.com";
const API = process.env["REDDIT_API"] ?? "https://oauth.reddit.com";
const AGENT = { "User-Agent": "antone/1.0" };

/** Reddit: a text post on the account's own profile. Its first line is the title. */
export async function toReddit({ body }: Post): Promise<string> {
  const needed = ["reddit-client-id", "reddit-client-secret", "reddit-refresh-token"] as const;
  const key = keys("Reddit", needed);
  const client = Buffer.from(`${key["reddit-client-id"]}:${key["reddit-client-secret"]}`).toString("base64");
  const { access_token } = await ask<{ access_token: string }>("Reddit", `${AUTHORITY}/api/v1/access_token`, {
    headers: { ...AGENT, Authorization: `Basic ${client}` },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: key["reddit-refresh-token"] }),
  });
  const headers = { ...AGENT, Authorization: `Bearer ${access_token}` };
  const { name } = await ask<{ name: string }>("Reddit", `${API}/api/v1/me`, { method: "GET", headers });
  const [title = "", ...rest] = body.split("\n");
  const { json } = await ask<{ json: { errors: string[][]; data?: { url: string } } }>("Reddit", `${API}/api/submit`, {
    headers,
    body: new URLSearchParams({
      api_type: "json",
      kind: "self",
      sr: `u_${name}`,
      title: title.slice(0, 300),
      text: rest.join("\n"),
    }),
  });
  if (json.errors.length > 0)
    throw new Error(`Reddit refused: ${json.errors.map((error) => error.join(" ")).join("; ")}`);
  return json.data?.url ?? "Reddit";
}
