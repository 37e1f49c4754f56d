import { utimesSync, writeFileSync } from "node:fs";
import { claimPost, connect, noteFailed, notePublished, openQueue, work } from "@antone/database";
import { pingHealthchecks } from "./healthchecks.ts";
import { sinks } from "./sinks/index.ts";

/** Touched as long as the worker reaches its queue; the health check looks at its age. */
const ALIVE = process.env["ALIVE_FILE"] ?? "/run/antone/alive";

const pool = connect();
const queue = await openQueue(pool, { works: true });
const publishVia = sinks();

async function publish(id: string): Promise<void> {
  const claimed = await claimPost(pool, id);
  // Cancelled, or out already.
  if (!claimed) return;
  const { post, again } = claimed;
  if (again && post.platform !== "log") {
    return noteFailed(
      pool,
      id,
      `A worker was stopped while it asked ${post.platform}. See there whether the post is out.`,
    );
  }
  try {
    await notePublished(pool, id, await publishVia[post.platform](post));
    console.log(`📤 Post ${id} is out (${post.platform}).`);
  } catch (error) {
    await noteFailed(pool, id, error instanceof Error ? error.message : String(error));
    console.error(`Post ${id} (${post.platform}) failed:`, error);
  }
}

await work(queue, publish);
writeFileSync(ALIVE, "");
const alive = setInterval(() => {
  pool.query("SELECT 1").then(
    () => utimesSync(ALIVE, new Date(), new Date()),
    (error: unknown) => console.error("The database does not answer:", error),
  );
}, 5_000);
const pings = pingHealthchecks();
console.log(`🚀 The worker waits for posts. It publishes to ${Object.keys(publishVia).join(", ")}.`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, async () => {
    console.log("👋 The worker ends the post it has.");
    clearInterval(alive);
    clearInterval(pings);
    await queue.stop({ graceful: true, timeout: 50_000 });
    await pool.end();
    process.exit(0);
  });
}
