import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { sign, verify } from "hono/jwt";

/** The one account there is, and what its tokens are signed with. */
export interface Account {
  password: string;
  jwtSecret: string;
}

const TOKEN_SECONDS = 12 * 3600;
/** Attempts a minute, whoever they come from. */
const ATTEMPTS = 20;

/** Gives a token for the right password. */
export function signIn({ password, jwtSecret }: Account): (c: Context) => Promise<Response> {
  let attempts = 0;
  setInterval(() => (attempts = 0), 60_000).unref();
  return async (c) => {
    if (++attempts > ATTEMPTS) return c.json({ error: "Too many attempts. Try again in a minute." }, 429);
    const { password: given } = await c.req.json<{ password?: unknown }>().catch(() => ({ password: undefined }));
    if (typeof given !== "string" || !same(given, password)) return c.json({ error: "That is not the password." }, 401);
    attempts = 0;
    const exp = Math.floor(Date.now() / 1000) + TOKEN_SECONDS;
    return c.json({ token: await sign({ exp }, jwtSecret, "HS256") });
  };
}

/** Lets those with a token through. */
export function guard({ jwtSecret }: Account): MiddlewareHandler {
  return async (c, next) => {
    const token = /^Bearer (.+)$/.exec(c.req.header("Authorization") ?? "")?.[1];
    const known = token !== undefined && (await verify(token, jwtSecret, "HS256").catch(() => undefined));
    if (!known) return c.json({ error: "Sign in first." }, 401);
    return next();
  };
}

/** Takes as long whatever is different. */
function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
