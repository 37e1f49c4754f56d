import type { Platform, Post } from "@antone/database";
import { toReddit } from "./reddit.ts";
import { toThreads } from "./threads.ts";
import { toTwitter } from "./twitter.ts";

/** Publishes a post, and gives where it can be read. @throws with the reason when the platform refuses. */
export type Sink = (post: Post) => Promise<string>;

/** How each platform is reached. */
export function sinks(): Record<Platform, Sink> {
  return { log: async ({ id, body }) => toLog(id, body), twitter: toTwitter, reddit: toReddit, threads: toThreads };
}

function toLog(id: string, body: string): string {
  console.log(JSON.stringify({ published: id, body }));
  return "in the worker's log";
}
