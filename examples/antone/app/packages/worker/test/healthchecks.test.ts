import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const UUID = "6f1c0a52-6a0e-4d0e-9d9c-000000000001";
const folder = mkdtempSync(join(tmpdir(), "secrets-"));
process.env["SECRETS_FOLDER"] = folder;

let pinged: (path: string) => void = () => {};
const service = createServer((request, response) => {
  pinged(request.url ?? "");
  response.end("OK");
});

before(async () => {
  await new Promise<void>((listening) => service.listen(0, "127.0.0.1", listening));
  process.env["HEALTHCHECKS_API"] = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
after(() => service.close());

test("without a check's UUID nobody is pinged", async () => {
  const { pingHealthchecks } = await import("../src/healthchecks.ts");
  assert.equal(pingHealthchecks(), undefined);
});

test("the check is pinged at once, and every five minutes", async (t) => {
  const { pingHealthchecks } = await import("../src/healthchecks.ts");
  writeFileSync(join(folder, "healthchecks-uuid"), `${UUID}\n`);
  t.mock.timers.enable({ apis: ["setInterval"] });
  const next = () => new Promise<string>((path) => (pinged = path));
  const first = next();
  const pings = pingHealthchecks();
  assert.equal(await first, `/${UUID}`);
  const second = next();
  t.mock.timers.tick(5 * 60_000);
  assert.equal(await second, `/${UUID}`);
  clearInterval(pings);
});

test("that healthchecks.io was not reached is told without its UUID", async (t) => {
  const { pingHealthchecks } = await import("../src/healthchecks.ts");
  service.closeAllConnections();
  await new Promise((closed) => service.close(closed));
  const told = await new Promise<string>((tell) => {
    t.mock.method(console, "error", tell);
    clearInterval(pingHealthchecks());
  });
  assert.match(told, /healthchecks\.io was not reached/);
  assert.doesNotMatch(told, new RegExp(UUID));
});
