import type { ClientBase, Pool } from "pg";

export const PLATFORMS = ["log", "twitter", "reddit", "threads"] as const;
/** Where a post goes. `log` needs no account: it is written to the worker's log. */
export type Platform = (typeof PLATFORMS)[number];

/**
 * `publishing`: the platform is being asked. A worker that was killed then cannot know whether the post is out, so
 * nobody asks again: better a post too few than one too many.
 */
export type Status = "scheduled" | "publishing" | "published" | "failed" | "cancelled";

export interface Post {
  id: string;
  platform: Platform;
  body: string;
  publishAt: Date;
  status: Status;
  publishedAt: Date | null;
  /** Where it can be read, or why it failed. */
  detail: string | null;
}

export interface NewPost {
  platform: Platform;
  body: string;
  publishAt: Date;
}

const COLUMNS = `id, platform, body, publish_at AS "publishAt", status, published_at AS "publishedAt", detail`;

/** The latest ones, at most a hundred. */
export async function listPosts(pool: Pool): Promise<Post[]> {
  const { rows } = await pool.query<Post>(`SELECT ${COLUMNS} FROM posts ORDER BY publish_at DESC, id LIMIT 100`);
  return rows;
}

export async function addPost(client: ClientBase, { platform, body, publishAt }: NewPost): Promise<Post> {
  const { rows } = await client.query<Post>(
    `INSERT INTO posts (platform, body, publish_at) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
    [platform, body, publishAt],
  );
  return rows[0] as Post;
}

/** Takes back what is not out yet; false where it is, or was never there. */
export async function cancelPost(pool: Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    "UPDATE posts SET status = 'cancelled' WHERE id = $1 AND status = 'scheduled'",
    [id],
  );
  return rowCount === 1;
}

/** The post, if it is still to be published and nobody else has taken it; or the one somebody took and did not finish. */
export async function claimPost(pool: Pool, id: string): Promise<{ post: Post; again: boolean } | undefined> {
  const { rows } = await pool.query<Post & { before: Status }>(
    `UPDATE posts SET status = 'publishing'
       FROM (SELECT id AS claimed, status AS before FROM posts WHERE id = $1 FOR UPDATE) AS old
      WHERE id = claimed AND before IN ('scheduled', 'publishing')
      RETURNING ${COLUMNS}, before`,
    [id],
  );
  return rows[0] && { post: rows[0], again: rows[0].before === "publishing" };
}

/** Notes that a post is out, once: what it counts is read in `publications`. */
export async function notePublished(pool: Pool, id: string, detail: string): Promise<void> {
  await pool.query(
    `WITH done AS (UPDATE posts SET status = 'published', published_at = now(), detail = $2
                    WHERE id = $1 AND status = 'publishing' RETURNING id)
     INSERT INTO publications (post_id) SELECT id FROM done`,
    [id, detail],
  );
}

export async function noteFailed(pool: Pool, id: string, detail: string): Promise<void> {
  await pool.query("UPDATE posts SET status = 'failed', detail = $2 WHERE id = $1 AND status = 'publishing'", [
    id,
    detail,
  ]);
}
