// The upstream of the edge's test: reports the requests it receives, and echoes WebSockets.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const server = createServer({ maxHeaderSize: 65_536 }, async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://upstream");
  await new Promise((resolve) => setTimeout(resolve, Number(searchParams.get("wait") ?? 0)));
  let body = "";
  for await (const part of request) body += part;
  if (pathname === "/header") response.setHeader("x-large", "x".repeat(Number(searchParams.get("size"))));
  if (pathname === "/policy") response.setHeader("content-security-policy", "default-src 'none'");
  response.setHeader("content-type", "application/json");
  const { method, url, headers, socket } = request;
  response.end(JSON.stringify({ method, url, headers, body: body.length, connection: socket.remotePort }));
});

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
  const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  socket.write([...head, `Sec-WebSocket-Accept: ${accept}`, "", ""].join("\r\n"));
  socket.on("error", () => socket.destroy());
  socket.on("data", (frame) => {
    // Short texts only: masked as a browser sends them, unmasked in responses.
    if ((frame[0] & 0x0f) !== 1) return socket.end();
    const length = frame[1] & 0x7f;
    const mask = frame.subarray(2, 6);
    const text = frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4]);
    socket.write(Buffer.concat([Buffer.from([0x81, length]), text]));
  });
});

// A visitor may leave in the middle of a request.
process.on("unhandledRejection", (error) => {
  if (error?.code !== "ECONNRESET") throw error;
});
server.keepAliveTimeout = 75_000;
server.listen(3000);
