import pg from "pg";
import { secret } from "./secrets.ts";

/** A pool of connections to the database that DATABASE_URL names; its password is the secret `database-password`. */
export function connect(): pg.Pool {
  // settings.ts compares the size of all pools with the server's limit.
  const pool = new pg.Pool({ ...address(), max: 10, connectionTimeoutMillis: 5_000 });
  // The server may restart: what used a connection then hears of it, those that wait are opened anew.
  pool.on("error", (error) => console.error(`A waiting connection to the database was lost: ${error.message}`));
  return pool;
}

function address(): pg.PoolConfig {
  const url = process.env["DATABASE_URL"];
  if (!url) throw new Error("DATABASE_URL is missing, e.g. postgres://user@postgres:5432/antone.");
  const { hostname, port, username, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    database: pathname.slice(1),
    password: secret("database-password"),
  };
}
