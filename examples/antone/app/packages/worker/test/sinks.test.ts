import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "secrets-"));
process.env["SECRETS_FOLDER"] = folder;
const secret = (name: string, value: string) => writeFileSync(join(folder, name), `${value}\n`);

const post = {
  id: "p1",
  platform: "log" as const,
  body: "First line\nand more",
  publishAt: new Date(),
  status: "publishing" as const,
  publishedAt: null,
  detail: null,
};

/** What was asked, in order, and what is answered. */
const asked: { path: string; headers: IncomingMessage["headers"]; body: string }[] = [];
let answer: (path: string) => { status?: number; body: unknown };
const platform = createServer(async (request, response) => {
  const path = request.url ?? "";
  asked.push({ path, headers: request.headers, body: await text(request) });
  const { status = 200, body } = answer(path);
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
});

before(async () => {
  await new Promise<void>((listening) => platform.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`;
  for (const name of ["THREADS_API", "REDDIT_API", "REDDIT_AUTHORITY", "TWITTER_API"]) process.env[name] = url;
});
after(() => platform.close());

const via = async (name: "twitter" | "reddit" | "threads") => {
  asked.length = 0;
  const { sinks } = await import("../src/sinks/index.ts");
  return sinks()[name](post);
};

test("a platform without its keys names those that are missing", async () => {
  await assert.rejects(via("reddit"), /reddit-client-id, reddit-client-secret, reddit-refresh-token/);
});

test("Threads makes a container and publishes it", async () => {
  secret("threads-access-token", "t0ken");
  answer = (path) => ({ body: { id: path === "/me/threads" ? "draft" : "final" } });
  assert.equal(await via("threads"), "Threads final");
  assert.deepEqual(
    asked.map(({ path, body }) => [path, Object.fromEntries(new URLSearchParams(body))]),
    [
      ["/me/threads", { media_type: "TEXT", text: post.body, access_token: "t0ken" }],
      ["/me/threads_publish", { creation_id: "draft", access_token: "t0ken" }],
    ],
  );
});

test("Reddit gets a text post on the account's own profile", async () => {
  for (const name of ["client-id", "client-secret", "refresh-token"]) secret(`reddit-${name}`, name);
  answer = (path) =>
    ({
      "/api/v1/access_token": { body: { access_token: "short" } },
      "/api/v1/me": { body: { name: "anton" } },
      "/api/submit": { body: { json: { errors: [], data: { url: "https://reddit.example/1" } } } },
    })[path] ?? { status: 404, body: {} };
  assert.equal(await via("reddit"), "https://reddit.example/1");
  const [token, , submitted] = asked;
  assert.equal(token?.headers.authorization, `Basic ${Buffer.from("client-id:client-secret").toString("base64")}`);
  assert.equal(submitted?.headers.authorization, "Bearer short");
  const { sr, title, text: body } = Object.fromEntries(new URLSearchParams(submitted?.body));
  assert.deepEqual({ sr, title, body }, { sr: "u_anton", title: "First line", body: "and more" });
});

test("what a platform refuses is told in its own words", async () => {
  answer = (path) =>
    path === "/api/submit"
      ? { body: { json: { errors: [["RATELIMIT", "try again later", "ratelimit"]] } } }
      : { body: { access_token: "short", name: "anton" } };
  await assert.rejects(via("reddit"), /Reddit refused: RATELIMIT try again later/);
  answer = () => ({ status: 403, body: { title: "Forbidden" } });
  await assert.rejects(via("threads"), /Threads answered 403: .*Forbidden/);
});

test("Twitter gets a request that is signed as the account", async () => {
  for (const name of ["api-key", "api-secret", "access-token", "access-secret"]) secret(`twitter-${name}`, name);
  answer = () => ({ status: 201, body: { data: { id: "42" } } });
  assert.equal(await via("twitter"), "https://x.com/i/status/42");
  assert.match(
    String(asked[0]?.headers.authorization),
    /^OAuth oauth_consumer_key="api-key", .*oauth_signature="[^"]+%3D"$/,
  );
  assert.deepEqual(JSON.parse(asked[0]?.body ?? ""), { text: post.body });
});

test("the signature is that of the example in Twitter's documentation", async () => {
  const { signature } = await import("../src/sinks/twitter.ts");
  const fields = {
    status: "Hello Ladies + Gentlemen, a signed OAuth request!",
    include_entities: "true",
    oauth_consumer_key: "xvz1evFS4wEEPTGEFPHBog",
    oauth_nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
    oauth_signature_method: "HMAC-SHA1",
    oauth_timestamp: "1318622958",
    oauth_token: "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    oauth_version: "1.0",
  };
  const secrets = ["kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"] as const;
  assert.equal(
    signature("https://api.twitter.com/1.1/statuses/update.json", fields, ...secrets),
    "hCtSmYh+iHYCEqBWrE7C7hYmtUk=",
  );
});
