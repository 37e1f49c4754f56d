import { connect, openQueue, optionalSecret, secret } from "@antone/database";
import { serve } from "@hono/node-server";
import { api } from "./app.ts";

const PORT = 3001;
/** Longer than nginx keeps a connection it does not use, or it would send a request into one that is just closed. */
const KEEP_MS = 75_000;
/** Seconds new requests are still taken after the signal to stop, as whoever sends them may not know yet. */
const LINGER = 2;

const pool = connect();
const queue = await openQueue(pool, { works: false });
const app = api({
  pool,
  queue,
  account: { password: secret("operator-password"), jwtSecret: secret("jwt-secret") },
  deepseekKey: optionalSecret("deepseek-api-key"),
  origins: (process.env["CORS_ALLOWED_ORIGINS"] ?? "").split(",").filter(Boolean),
  release: process.env["RELEASE"] ?? "unknown",
});
// On all addresses: on 127.0.0.1, neither the health check of another container nor nginx would get an answer.
const listening = { fetch: app.fetch, hostname: "0.0.0.0", port: PORT, serverOptions: { keepAliveTimeout: KEEP_MS } };
const server = serve(listening, () => {
  console.log(`🚀 The API listens on port ${PORT}. How it is: http://localhost:${PORT}/health`);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    console.log("👋 The API ends the requests it has.");
    setTimeout(() => server.close(() => pool.end().then(() => process.exit(0))), LINGER * 1000);
  });
}
