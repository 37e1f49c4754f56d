import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import pg from "pg";

// Host, database and role come from PGHOST, PGDATABASE and PGUSER.
const database = new pg.Pool({ password: readFileSync("/run/secrets/database-password", "utf8") });
// A lost connection is replaced by the next query.
database.on("error", console.error);
// Containers start at the same time: the first one creates the table.
await database.query(
  "SELECT pg_advisory_xact_lock(1); CREATE TABLE IF NOT EXISTS lines (id serial, text text NOT NULL)",
);

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

async function page() {
  const { rows } = await database.query("SELECT text FROM lines ORDER BY id DESC LIMIT 100");
  return `<!doctype html><html lang="en"><title>Guestbook</title><h1>Guestbook</h1>
    <form method="post"><label>Your line <input name="text" required maxlength="200"></label> <button>Sign</button></form>
    <ul>${rows.map(({ text }) => `<li>${escaped(text)}</li>`).join("")}</ul></html>`;
}

async function sign(request) {
  let body = "";
  for await (const part of request) body += part;
  const text = (new URLSearchParams(body).get("text") ?? "").slice(0, 200);
  if (text) await database.query("INSERT INTO lines (text) VALUES ($1)", [text]);
}

const server = createServer(async (request, response) => {
  try {
    if (request.method === "POST") {
      await sign(request);
      response.writeHead(303, { location: "/" }).end();
    } else {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(await page());
    }
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
// nginx keeps connections for a minute; the application must not close one first.
server.keepAliveTimeout = 75_000;
server.listen(Number(process.env.PORT));
// A new release takes over: finish open requests, then exit.
process.on("SIGTERM", () => server.close(() => process.exit()));
