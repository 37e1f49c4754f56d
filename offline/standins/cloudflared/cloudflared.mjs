#!/usr/bin/env node
// As cloudflared: `tunnel --config FILE --metrics ADDRESS run --token-file FILE` and `tunnel --metrics ADDRESS ready`.
// Like it, it calls the edge, which then sends requests over that very connection, in HTTP/2; unlike it, without TLS and without
// a registration. An edge whose name is unknown ends it; one that does not answer is tried again.
import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { createServer, get, request } from "node:http";
import { performServerHandshake } from "node:http2";
import { connect } from "node:net";
import { parseArgs } from "node:util";
import { parse } from "yaml";

const EDGE = { host: "region1.v2.argotunnel.com", port: 7844 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "no-autoupdate": { type: "boolean" },
    config: { type: "string" },
    metrics: { type: "string" },
    "token-file": { type: "string" },
  },
});

function fail(message) {
  console.error(message);
  process.exit(1);
}

const [, metricsPort] = (values.metrics ?? "").split(":");
switch (positionals.join(" ")) {
  case "tunnel run":
    await run();
    break;
  case "tunnel ready":
    ready();
    break;
  default:
    fail(`Incorrect Usage: ${positionals.join(" ")}`);
}

function ready() {
  if (!metricsPort) fail("--metrics has to be provided");
  const url = `http://${values.metrics}/ready`;
  get(url, async (answer) => {
    if (answer.statusCode === 200) process.exit(0);
    fail(`${url} endpoint returned status code ${answer.statusCode}\n${(await answer.toArray()).join("")}`);
  }).on("error", (error) => fail(`Get "${url}": ${error.message}`));
}

async function run() {
  const token = readFileSync(values["token-file"], "utf8").trim();
  try {
    const { a, s, t } = JSON.parse(Buffer.from(token, "base64").toString());
    if (!a || !s || !t) throw new Error("incomplete");
  } catch {
    fail("Provided Tunnel token is not valid.");
  }
  const { ingress } = parse(readFileSync(values.config, "utf8"));
  let connections = 0;
  createServer((_question, answer) => {
    answer.statusCode = connections > 0 ? 200 : 503;
    answer.end(JSON.stringify({ status: answer.statusCode, readyConnections: connections }));
  }).listen(Number(metricsPort), "127.0.0.1");
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));

  for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
    await lookup(EDGE.host).catch(() => fail(`edge discovery: lookup ${EDGE.host}: no such host`));
    await new Promise((ended) => {
      const socket = connect(EDGE, () => {
        wait = 1000;
        connections = 1;
        console.log("Registered tunnel connection");
        performServerHandshake(socket).on("stream", (stream, headers) => pass(stream, headers, ingress));
      });
      socket.on("error", (error) =>
        console.error(`Unable to establish connection with Cloudflare edge: ${error.message}`),
      );
      socket.on("close", ended);
    });
    connections = 0;
    await new Promise((again) => setTimeout(again, wait));
  }
}

/** Answers a request by the first rule that fits, as the last always does. */
function pass(stream, headers, ingress) {
  const { hostname } = new URL(`http://${headers[":authority"]}`);
  const { service } = ingress.find(
    (rule) => (!rule.hostname || rule.hostname === hostname) && new RegExp(rule.path ?? "").test(headers[":path"]),
  );
  if (service.startsWith("http_status:")) {
    stream.respond({ ":status": Number(service.slice("http_status:".length)) });
    return stream.end();
  }
  const plain = Object.entries(headers).filter(([name]) => !name.startsWith(":"));
  const asked = request(new URL(headers[":path"], service), {
    method: headers[":method"],
    headers: { ...Object.fromEntries(plain), host: headers[":authority"] },
  });
  asked.on("response", (answer) => {
    const { connection: _hop, "keep-alive": _kept, "transfer-encoding": _coded, ...kept } = answer.headers;
    stream.respond({ ":status": answer.statusCode, ...kept });
    answer.pipe(stream);
  });
  asked.on("error", () => {
    if (!stream.headersSent) stream.respond({ ":status": 502 });
    stream.end();
  });
  stream.on("error", () => asked.destroy());
  stream.pipe(asked);
}
