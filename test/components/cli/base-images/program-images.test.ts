import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { deployedByTag, withProgramImages } from "../../../../components/cli/base-images/program-images.mts";
import { parseState } from "../../../../components/model/state";

const DIGEST = `sha256:${"0a".repeat(32)}`;

const BUILT = "urn:pulumi:prod::shop::berth:build:Image$docker:index/remoteImage:RemoteImage::app";

/** A state with one pulled or built image. */
function stateWith(name: string, repoDigest: string, more: object = {}) {
  const image = {
    urn: "urn:pulumi:prod::shop::berth:data:Postgres$docker:index/remoteImage:RemoteImage::postgres",
    type: "docker:index/remoteImage:RemoteImage",
    inputs: { name },
    outputs: { name, repoDigest },
    ...more,
  };
  return parseState(JSON.stringify({ deployment: { resources: [image] } }));
}

test("an image that was pulled by its tag has the digest of its repository", () => {
  expect(deployedByTag(stateWith("postgres:16-alpine", `postgres@${DIGEST}`))).toEqual([
    { name: "postgres", reference: "postgres:16-alpine", digest: DIGEST },
  ]);
});

test.each<[string, ReturnType<typeof stateWith> | undefined]>([
  ["a stack that is not deployed", undefined],
  ["an image by its digest", stateWith(`postgres:16-alpine@${DIGEST}`, `postgres@${DIGEST}`)],
  ["an image that the engine built", stateWith("shop-prod/app:1", `shop-prod/app@${DIGEST}`, { urn: BUILT })],
  ["an image whose digest is that of another repository", stateWith("postgres:16-alpine", `mirror/postgres@${DIGEST}`)],
  ["an image without a digest", stateWith("postgres:16-alpine", "")],
  ["an image that the next deployment pulls again", stateWith("postgres:16", `postgres@${DIGEST}`, { taint: true })],
  ["an image that was replaced", stateWith("postgres:16", `postgres@${DIGEST}`, { delete: true })],
])("%s is none by its tag", (_, state) => {
  expect(deployedByTag(state)).toEqual([]);
});

test("a program finds what is passed to it in a file that only this account can read, and that is gone afterwards", async () => {
  let file = "";
  const images = { byTag: [], lookUp: { write: true, routes: {} } };
  await withProgramImages(images, async (variables) => {
    file = variables["BERTH_IMAGES"] ?? "";
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(images);
  });
  expect(existsSync(file)).toBe(false);
});
