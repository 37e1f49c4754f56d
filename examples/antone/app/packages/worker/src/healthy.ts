// The health check: fails when the worker has not reached its queue for a while.
import { statSync } from "node:fs";

const age = (Date.now() - statSync(process.env["ALIVE_FILE"] ?? "/run/antone/alive").mtimeMs) / 1000;
if (age > 20) {
  console.error(`The worker has not reached the database for ${Math.round(age)} s.`);
  process.exit(1);
}
