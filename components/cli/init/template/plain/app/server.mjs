import { createServer } from "node:http";

const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end('<!doctype html><html lang="en"><title>It runs</title><h1>It runs</h1></html>');
});
// nginx keeps connections for a minute; the application must not close one first.
server.keepAliveTimeout = 75_000;
server.listen(Number(process.env.PORT));
// A new release takes over: finish open requests, then exit.
process.on("SIGTERM", () => server.close(() => process.exit()));
