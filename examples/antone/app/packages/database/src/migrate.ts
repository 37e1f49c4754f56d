// Brings the database to the form this version needs: run once a release, before anything of it starts.
import { join } from "node:path";
import { runner } from "node-pg-migrate";
import { connect } from "./connection.ts";
import { migrateQueue } from "./queue.ts";

const pool = connect();
const client = await pool.connect();
await runner({
  dbClient: client,
  dir: join(import.meta.dirname, "..", "migrations"),
  migrationsTable: "migrations",
  direction: "up",
  log: (message) => console.log(message),
});
client.release();
await migrateQueue(pool);
await pool.end();
console.log("The database is up to date.");
