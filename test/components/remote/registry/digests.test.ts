import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newestDigests } from "../../../../components/remote/registry/digests.mts";
import { dockerLogins } from "../../../../components/remote/registry/logins.mts";
import { lookUpNow, type Routes } from "../../../../components/remote/registry/look-up";
import { digestInRegistry, platformsOf } from "../../../../components/remote/registry/manifest.mts";
import { FakeRegistry } from "../../../support/fake-registry";

const DIGEST = `sha256:${"0a".repeat(32)}`;
const OTHER = `sha256:${"1b".repeat(32)}`;

let registry: FakeRegistry;
let host: string;

beforeAll(async () => {
  registry = await FakeRegistry.start();
  host = registry.host;
});

afterAll(() => registry.stop());

beforeEach(() => {
  registry.requests = [];
  registry.answers = {};
});

const found = { status: 200, headers: { "docker-content-digest": DIGEST } };

describe("a registry", () => {
  test("is asked for the digest of a tag, without a download", async () => {
    registry.answers["/v2/acme/base/manifests/1"] = found;
    expect(await digestInRegistry(`${host}/acme/base:1`)).toEqual({ digest: DIGEST });
    expect(registry.requests).toEqual(["HEAD /v2/acme/base/manifests/1 anonymous"]);
  });

  test("is asked for the tag latest of an image without one, and for that of an image by digest", async () => {
    registry.answers["/v2/base/manifests/latest"] = found;
    expect(await digestInRegistry(`${host}/base`)).toEqual({ digest: DIGEST });
    registry.answers["/v2/base/manifests/2"] = found;
    expect(await digestInRegistry(`${host}/base:2@${OTHER}`)).toEqual({ digest: DIGEST });
  });

  test("that does not name the digest sends the manifest, which has it", async () => {
    registry.answers["/v2/base/manifests/1"] = { status: 200, body: "{}" };
    const digest = `sha256:${createHash("sha256").update("{}").digest("hex")}`;
    expect(await digestInRegistry(`${host}/base:1`)).toEqual({ digest });
  });

  test("gets the sign-in that it asks for, and only for its own host", async () => {
    registry.answers["/v2/base/manifests/1"] = {
      status: 401,
      headers: { "www-authenticate": 'Basic realm="x"', ...found.headers },
    };
    const basic = `Basic ${Buffer.from("deploy:secret").toString("base64")}`;
    expect(await digestInRegistry(`${host}/base:1`, { [host]: "deploy:secret" })).toEqual({ digest: DIGEST });
    expect(registry.requests.at(-1)).toBe(`HEAD /v2/base/manifests/1 ${basic}`);
    registry.requests = [];
    expect(await digestInRegistry(`${host}/base:1`, { "registry.example.org": "deploy:secret" })).toMatchObject({
      problem: "refused",
    });
    expect(registry.requests.join()).not.toContain("Basic");
  });

  test.each([
    [404, "absent"],
    [403, "refused"],
    [429, "unreachable"],
    [503, "unreachable"],
  ])("with the answer %i has no digest: %s", async (status, problem) => {
    registry.answers["/v2/base/manifests/1"] = { status };
    expect(await digestInRegistry(`${host}/base:1`)).toMatchObject({ problem });
  });

  test("that does not answer is unreachable, with the reason", async () => {
    expect(await digestInRegistry("127.0.0.1:1/base:1")).toMatchObject({
      problem: "unreachable",
      detail: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("names the images of the platforms that servers have", async () => {
    const image = (os: string, architecture: string, digest: string) => ({ digest, platform: { os, architecture } });
    const manifests = [
      image("linux", "amd64", "a"),
      image("linux", "arm64", "b"),
      image("linux", "s390x", "c"),
      image("windows", "amd64", "d"),
      image("unknown", "unknown", "e"),
    ];
    registry.answers[`/v2/base/manifests/${DIGEST}`] = { status: 200, body: JSON.stringify({ manifests }) };
    expect(Object.fromEntries((await platformsOf(`${host}/base:1`, DIGEST)) ?? [])).toEqual({ amd64: "a", arm64: "b" });
    registry.answers[`/v2/base/manifests/${OTHER}`] = { status: 200, body: "{}" };
    expect(Object.fromEntries((await platformsOf(`${host}/base:1`, OTHER)) ?? [])).toEqual({ any: OTHER });
    expect(await platformsOf(`${host}/absent:1`, OTHER)).toBeUndefined();
  });
});

describe("newest digests", () => {
  const path = process.env["PATH"];
  let bin: string;

  /** A Docker engine that answers with these lines of curl for the image. */
  function engine(script: string): void {
    for (const [name, text] of Object.entries({ docker: "exit 0", curl: script })) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    }
  }

  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), "berth-engine-"));
    process.env["PATH"] = `${bin}${delimiter}${path}`;
    return () => {
      process.env["PATH"] = path;
      rmSync(bin, { recursive: true });
    };
  });

  const answer = `printf '%s' '{"Descriptor":{"digest":"${DIGEST}","size":3},"Other":{"digest":"${OTHER}"}} 200'`;

  test("come from the registry, without an engine", async () => {
    engine(`touch ${bin}/asked`);
    registry.answers["/v2/base/manifests/1"] = found;
    const routes: Routes = {};
    expect([...(await newestDigests([`${host}/base:1`], routes))]).toEqual([[`${host}/base:1`, { digest: DIGEST }]]);
    expect(routes.unreachable).toEqual([]);
  });

  test("come through this machine's engine where the registry is not reached", async () => {
    engine(answer);
    const routes: Routes = {};
    const image = "127.0.0.1:1/base:1";
    expect([...(await newestDigests([image], routes))]).toEqual([[image, { digest: DIGEST }]]);
    expect(routes.unreachable).toEqual(["127.0.0.1:1"]);
  });

  test("are looked up for a program that waits for them", { timeout: 30_000 }, () => {
    engine(answer);
    const image = "127.0.0.1:1/base:1";
    expect(lookUpNow({ images: [image], routes: { unreachable: ["127.0.0.1:1"] } })).toEqual({
      found: { [image]: { digest: DIGEST } },
      unreachable: ["127.0.0.1:1"],
    });
  });

  test("are not asked for again on a way that did not answer", async () => {
    engine("exit 7");
    const routes: Routes = { server: { sshPrefix: `${join(bin, "ssh")}`, project: "p", stack: "s" } };
    writeFileSync(join(bin, "ssh"), `#!/bin/sh\necho called >>${bin}/calls\n`);
    chmodSync(join(bin, "ssh"), 0o755);
    expect((await newestDigests(["127.0.0.1:1/a:1"], routes)).get("127.0.0.1:1/a:1")).toMatchObject({
      problem: "unreachable",
    });
    expect(routes.unreachable).toEqual(["127.0.0.1:1", "engine", "server"]);
    const again = await newestDigests(["127.0.0.1:1/b:1"], routes);
    expect(again.get("127.0.0.1:1/b:1")).toEqual({
      problem: "unreachable",
      detail: "127.0.0.1:1 did not answer before",
    });
  });

  test("that an engine is refused are not looked up elsewhere", async () => {
    engine(`printf '{"message":"denied"} 403'`);
    expect((await newestDigests(["127.0.0.1:1/a:1"], {})).get("127.0.0.1:1/a:1")).toMatchObject({ problem: "refused" });
  });
});

test("a sign-in of docker login is used by its host, and an unreadable file is none", () => {
  const folder = mkdtempSync(join(tmpdir(), "berth-docker-"));
  const auth = Buffer.from("deploy:secret").toString("base64");
  const auths = { "https://index.docker.io/v1/": { auth }, "registry.example.org:5000": { auth }, "ghcr.io": {} };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths, credsStore: "desktop" }));
  expect(dockerLogins(folder)).toEqual({
    "registry-1.docker.io": "deploy:secret",
    "registry.example.org:5000": "deploy:secret",
  });
  writeFileSync(join(folder, "config.json"), "{");
  expect(dockerLogins(folder)).toEqual({});
  rmSync(folder, { recursive: true });
  expect(dockerLogins(folder)).toEqual({});
});
