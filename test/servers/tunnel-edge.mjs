// The other end of a tunnel, in Cloudflare's place: cloudflared connects to port 7844, and requests to port 8080 are
// sent to it over that connection, in HTTP/2.
import { createServer as createHttpServer } from "node:http";
import { connect } from "node:http2";
import { createServer } from "node:net";

let tunnel;
createServer((socket) => {
  const session = connect("http://tunnel", { createConnection: () => socket });
  session.on("error", () => session.destroy());
  session.on("close", () => {
    if (tunnel === session) tunnel = undefined;
  });
  tunnel = session;
}).listen(7844);

createHttpServer((asked, answer) => {
  if (!tunnel) return answer.writeHead(530).end("no tunnel\n");
  const { host, connection: _hop, ...headers } = asked.headers;
  const stream = tunnel.request({ ...headers, ":method": asked.method, ":path": asked.url, ":authority": host });
  asked.pipe(stream);
  stream.on("response", (told) => {
    const plain = Object.entries(told).filter(([name]) => !name.startsWith(":"));
    answer.writeHead(told[":status"], Object.fromEntries(plain));
    stream.pipe(answer);
  });
  stream.on("error", () => answer.destroy());
}).listen(8080);
