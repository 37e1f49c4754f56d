export type { Pool } from "pg";
export { connect } from "./connection.ts";
export * from "./posts.ts";
export { enqueue, openQueue, type Queue, work } from "./queue.ts";
export { optionalSecret, secret } from "./secrets.ts";
export { transaction } from "./transaction.ts";
