import type { ClientBase, Pool } from "pg";
import { PgBoss } from "pg-boss";
import type { Post } from "./posts.ts";

const QUEUE = "publish";

export type Queue = PgBoss;

/** A job: which post is due. */
interface Due {
  post: string;
}

/** The queue, in tables of the same database. The job `migrate` has made them. */
export async function openQueue(pool: Pool, { works }: { works: boolean }): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    migrate: false,
    // Only workers look after the queue.
    supervise: works,
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
    schedule: false,
  });
  boss.on("error", (error) => console.error(`The queue: ${error.message}`));
  await boss.start();
  return boss;
}

/** Makes the queue's tables, or brings them to this version's form. */
export async function migrateQueue(pool: Pool): Promise<void> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    supervise: false,
    schedule: false,
  });
  await boss.start();
  // A worker that was killed is missed after a minute, and its job is done by another one.
  const settings = { retryLimit: 5, retryDelay: 2, retryBackoff: true, expireInSeconds: 60 };
  if (await boss.getQueue(QUEUE)) await boss.updateQueue(QUEUE, settings);
  else await boss.createQueue(QUEUE, settings);
  await boss.stop({ graceful: false });
}

/** Puts a post into the queue, in the transaction of `client`: either both are there, or neither. */
export async function enqueue(queue: Queue, client: ClientBase, { id, publishAt }: Post): Promise<void> {
  const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) };
  await queue.send(QUEUE, { post: id } satisfies Due, { startAfter: publishAt, db });
}

/** Calls `publish` for each post that is due, one after the other. */
export async function work(queue: Queue, publish: (post: string) => Promise<void>): Promise<void> {
  await queue.work<Due>(QUEUE, { pollingIntervalSeconds: 0.5 }, async (jobs) => {
    for (const { data } of jobs) await publish(data.post);
  });
}
