import type { Post } from "@antone/database";
import { ask, keys } from "./ask.ts";

const API = process.env["THREADS_API"] ?? "https://graph.threads.net/v1.0";

/** Threads: a container is made, and then published. */
export async function toThreads({ body }: Post): Promise<string> {
  const { "threads-access-token": token } = keys("Threads", ["threads-access-token"]);
  const send = (path: string, fields: Record<string, string>) =>
    ask<{ id: string }>("Threads", `${API}/${path}`, { body: new URLSearchParams({ ...fields, access_token: token }) });
  const { id: creation_id } = await send("me/threads", { media_type: "TEXT", text: body });
  const { id } = await send("me/threads_publish", { creation_id });
  return `Threads ${id}`;
}
