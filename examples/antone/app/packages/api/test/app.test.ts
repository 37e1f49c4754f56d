import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import type { Parts } from "../src/app.ts";

const ORIGIN = "https://antone.example.org";

/** What was asked last, and what is answered. */
let asked: { path: string; headers: IncomingMessage["headers"]; body: string };
let status = 200;
const deepseek = createServer(async (request, response) => {
  asked = { path: request.url ?? "", headers: request.headers, body: await text(request) };
  const body = { choices: [{ message: { content: "Tea is ready." } }] };
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
});

before(async () => {
  await new Promise<void>((listening) => deepseek.listen(0, "127.0.0.1", listening));
  process.env["DEEPSEEK_API"] = `http://127.0.0.1:${(deepseek.address() as AddressInfo).port}`;
});
after(() => deepseek.close());

/** The API without a database, as seen by somebody who has signed in. */
async function signedIn(own: Partial<Parts> = {}) {
  const { api } = await import("../src/app.ts");
  const app = api({
    pool: undefined as unknown as Parts["pool"],
    queue: undefined as unknown as Parts["queue"],
    account: { password: "open sesame", jwtSecret: "a secret of thirty-two characters" },
    deepseekKey: undefined,
    origins: [],
    release: "test",
    ...own,
  });
  const post = (path: string, body: unknown, headers = {}) =>
    app.request(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const { token } = (await (await post("/api/session", { password: "open sesame" })).json()) as { token: string };
  return { app, post: (path: string, body: unknown) => post(path, body, { Authorization: `Bearer ${token}` }) };
}

test("DeepSeek is asked with the key, and its text is given", async () => {
  status = 200;
  const { post } = await signedIn({ deepseekKey: "k3y" });
  const answer = await post("/api/suggestions", { topic: "Tea" });
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { body: "Tea is ready." });
  assert.equal(asked.path, "/chat/completions");
  assert.equal(asked.headers.authorization, "Bearer k3y");
  const { messages } = JSON.parse(asked.body) as { messages: { role: string; content: string }[] };
  assert.deepEqual(messages.at(-1), { role: "user", content: "Tea" });
});

test("without a key of DeepSeek the answer is 501 and names the setting", async () => {
  const { post } = await signedIn();
  const answer = await post("/api/suggestions", { topic: "Tea" });
  assert.equal(answer.status, 501);
  assert.match(await answer.text(), /deepseekApiKey/);
});

test("what DeepSeek refuses is no answer of the API's own, and tells no key", async () => {
  status = 401;
  const { post } = await signedIn({ deepseekKey: "k3y" });
  const answer = await post("/api/suggestions", { topic: "Tea" });
  assert.equal(answer.status, 503);
  assert.doesNotMatch(await answer.text(), /k3y/);
});

test("a topic is needed, and so is a token", async () => {
  const { app, post } = await signedIn({ deepseekKey: "k3y" });
  assert.equal((await post("/api/suggestions", { topic: " " })).status, 400);
  assert.equal((await app.request("/api/suggestions", { method: "POST" })).status, 401);
});

test("pages of the origins that are named may call, and no others", async () => {
  const preflight = async (origins: string[], origin: string) => {
    const { app } = await signedIn({ origins });
    const headers = { Origin: origin, "Access-Control-Request-Method": "DELETE" };
    const answer = await app.request("/api/posts/1", { method: "OPTIONS", headers });
    return { allowed: answer.headers.get("Access-Control-Allow-Origin"), status: answer.status };
  };
  assert.deepEqual(await preflight([ORIGIN], ORIGIN), { allowed: ORIGIN, status: 204 });
  assert.equal((await preflight([ORIGIN], "https://other.example.org")).allowed, null);
  assert.deepEqual(await preflight([], ORIGIN), { allowed: null, status: 401 });
});

test("answers have security headers of their own, as requests through the tunnel do not pass nginx", async () => {
  const { app } = await signedIn();
  const { headers } = await app.request("/nothing");
  assert.equal(headers.get("strict-transport-security"), "max-age=63072000");
  assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("referrer-policy"), "same-origin");
});

test("a request of more than 1 MiB is refused", async () => {
  const { post } = await signedIn({ deepseekKey: "k3y" });
  const answer = await post("/api/suggestions", { topic: "x".repeat(1024 * 1024) });
  assert.equal(answer.status, 413);
  assert.deepEqual(await answer.json(), { error: "It is too large." });
});
