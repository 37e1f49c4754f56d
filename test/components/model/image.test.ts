import { expect, test } from "vitest";
import { digestOf, imageOf, inRegistry, listedDigest, majorOf, withoutDigest } from "../../../components/model/image";

test.each([
  ["postgres:16-alpine", 16],
  ["postgres:17", 17],
  ["postgres:18beta1", 18],
  ["certbot/certbot:v5.8.0", 5],
  ["cloudflare/cloudflared:2026.8.2", 2026],
  ["postgres:17-alpine@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0", 17],
  ["postgres@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0", undefined],
  ["mailtracker-prod/backend:86bc9c32bdf7", undefined],
  ["shop/backend:1234abc", undefined],
  ["shop/backend:20261127", undefined],
  ["shop/backend:latest", undefined],
  ["registry.example.org:5000/app", undefined],
  [undefined, undefined],
])("%s has the major version %s", (reference, major) => {
  expect(majorOf(reference)).toBe(major);
});

test("an image's version is its tag, or the start of its digest", () => {
  expect(imageOf("registry.example.org:5000/app:v1")).toEqual({
    repository: "registry.example.org:5000/app",
    version: "v1",
  });
  expect(imageOf(`app@sha256:${"ab".repeat(32)}`)).toEqual({ repository: "app", version: "abababababab" });
});

const DIGEST = `sha256:${"ab".repeat(32)}`;

test.each([
  ["postgres:16-alpine", { host: "docker.io", repository: "library/postgres", tag: "16-alpine" }],
  ["python", { host: "docker.io", repository: "library/python", tag: "latest" }],
  ["restic/restic:0.19.1", { host: "docker.io", repository: "restic/restic", tag: "0.19.1" }],
  ["docker.io/postgres:16", { host: "docker.io", repository: "library/postgres", tag: "16" }],
  ["docker.io/library/postgres:16", { host: "docker.io", repository: "library/postgres", tag: "16" }],
  ["ghcr.io/acme/base:1", { host: "ghcr.io", repository: "acme/base", tag: "1" }],
  ["registry:5000/base", { host: "registry:5000", repository: "base", tag: "latest" }],
  ["localhost/base:1", { host: "localhost", repository: "base", tag: "1" }],
  [`postgres:16@${DIGEST}`, { host: "docker.io", repository: "library/postgres", tag: "16" }],
])("the registry of %s is known", (reference, expected) => {
  expect(inRegistry(reference)).toEqual(expected);
});

test("a reference can be read with and without its digest", () => {
  expect(digestOf(`postgres:16@${DIGEST}`)).toBe(DIGEST);
  expect(digestOf("postgres:16")).toBeUndefined();
  expect(withoutDigest(`registry:5000/base:1@${DIGEST}`)).toBe("registry:5000/base:1");
  expect(withoutDigest("postgres:16")).toBe("postgres:16");
});

test.each([
  [`postgres:16@${DIGEST}`, `postgres@${DIGEST}`],
  [`docker.io/library/postgres:16@${DIGEST}`, `postgres@${DIGEST}`],
  [`restic/restic:0.19.1@${DIGEST}`, `restic/restic@${DIGEST}`],
  [`registry:5000/base:1@${DIGEST}`, `registry:5000/base@${DIGEST}`],
  ["postgres:16", undefined],
])("an engine lists %s as %s", (reference, listed) => {
  expect(listedDigest(reference)).toBe(listed);
});
