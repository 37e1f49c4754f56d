import {
  addPost,
  cancelPost,
  enqueue,
  listPosts,
  PLATFORMS,
  type Pool,
  type Queue,
  transaction,
} from "@antone/database";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import { type Account, guard, signIn } from "./account.ts";
import { suggestion } from "./suggestion.ts";

export interface Parts {
  pool: Pool;
  queue: Queue;
  account: Account;
  /** Key of DeepSeek, which suggests texts. */
  deepseekKey: string | undefined;
  /** Other sites whose pages may call the API. */
  origins: string[];
  /** What runs here. */
  release: string;
}

const newPost = z.object({
  platform: z.enum(PLATFORMS, `platform must be one of ${PLATFORMS.join(", ")}`),
  body: z
    .string("body must be text")
    .trim()
    .min(1, "body must not be empty")
    .max(5000, "body has at most 5000 characters"),
  publishAt: z.iso.datetime({ offset: true, error: "publishAt must be a time such as 2026-01-31T09:00:00Z" }),
});
const topic = z.object({ topic: z.string("topic must be text").trim().min(1, "topic must not be empty").max(500) });
/** As in nginx. */
const MOST_BYTES = 1024 * 1024;
const HEADERS = secureHeaders({
  strictTransportSecurity: "max-age=63072000",
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  referrerPolicy: "same-origin",
  // Other sites' pages may read answers that `cors` allows.
  crossOriginResourcePolicy: false,
});

const id = z.uuid("there is no such post");

/** The API, without the port it listens on. */
export function api({ pool, queue, account, deepseekKey, origins, release }: Parts): Hono {
  const app = new Hono();
  // Requests through the tunnel do not pass nginx, so the API has its limit and its headers itself.
  app.use(HEADERS);
  app.use("/api/*", bodyLimit({ maxSize: MOST_BYTES, onError: (c) => c.json({ error: "It is too large." }, 413) }));
  if (origins.length > 0) app.use("/api/*", cors({ origin: origins, allowHeaders: ["Authorization", "Content-Type"] }));

  const health = async () => {
    await pool.query("SELECT 1");
    return { status: "ok", release };
  };
  app.get("/health", async (c) => c.json(await health()));
  app.get("/api/health/", async (c) => c.json(await health()));

  app.post("/api/session", signIn(account));
  app.use("/api/*", guard(account));

  app.get("/api/posts", async (c) => c.json(await listPosts(pool)));
  app.post("/api/posts", async (c) => {
    const { platform, body, publishAt } = newPost.parse(await json(c.req.raw));
    const post = await transaction(pool, async (client) => {
      const added = await addPost(client, { platform, body, publishAt: new Date(publishAt) });
      await enqueue(queue, client, added);
      return added;
    });
    return c.json(post, 201);
  });
  app.delete("/api/posts/:id", async (c) => {
    const cancelled = await cancelPost(pool, id.parse(c.req.param("id")));
    return cancelled ? c.body(null, 204) : c.json({ error: "It is out already, or was never there." }, 409);
  });
  app.post("/api/suggestions", async (c) => {
    const wanted = topic.parse(await json(c.req.raw));
    if (deepseekKey === undefined) return c.json({ error: "No key of DeepSeek is set (deepseekApiKey)." }, 501);
    return c.json({ body: await suggestion(wanted.topic, deepseekKey) });
  });

  app.notFound((c) => c.json({ error: "There is nothing here." }, 404));
  app.onError((error, c) => {
    if (error instanceof z.ZodError)
      return c.json({ error: error.issues.map(({ message }) => message).join("; ") }, 400);
    console.error(error);
    return c.json({ error: "It does not work now. Try again in a moment." }, 503);
  });
  return app;
}

async function json(request: Request): Promise<unknown> {
  return request.json().catch(() => undefined);
}
