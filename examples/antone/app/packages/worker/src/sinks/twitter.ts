import { createHmac, randomBytes } from "node:crypto";
import type { Post } from "@antone/database";
import { ask, keys } from "./ask.ts";

const API = process.env["TWITTER_API"] ?? "https://api.x.com";

/** Twitter: API version 2, signed as the account (OAuth 1.0a). */
export async function toTwitter({ body }: Post): Promise<string> {
  const key = keys("Twitter", [
    "twitter-api-key",
    "twitter-api-secret",
    "twitter-access-token",
    "twitter-access-secret",
  ]);
  const url = `${API}/2/tweets`;
  const fields: Record<string, string> = {
    oauth_consumer_key: key["twitter-api-key"],
    oauth_nonce: randomBytes(16).toString("hex"),
    oauth_signature_method: "HMAC-SHA1",
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    oauth_token: key["twitter-access-token"],
    oauth_version: "1.0",
  };
  const oauth_signature = signature(url, fields, key["twitter-api-secret"], key["twitter-access-secret"]);
  const header = Object.entries({ ...fields, oauth_signature }).map(([name, value]) => `${name}="${encoded(value)}"`);
  const { data } = await ask<{ data: { id: string } }>("Twitter", url, {
    headers: { Authorization: `OAuth ${header.join(", ")}`, "Content-Type": "application/json" },
    body: JSON.stringify({ text: body }),
  });
  return `https://x.com/i/status/${data.id}`;
}

/** RFC 5849, section 3.4; a body in JSON is not part of it. */
export function signature(url: string, fields: Record<string, string>, apiSecret: string, tokenSecret: string): string {
  const sorted = Object.entries(fields)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const base = ["POST", encoded(url), encoded(sorted)].join("&");
  return createHmac("sha1", `${encoded(apiSecret)}&${encoded(tokenSecret)}`)
    .update(base)
    .digest("base64");
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
