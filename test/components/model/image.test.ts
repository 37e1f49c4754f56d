import { expect, test } from "vitest";
import { imageOf, majorOf } from "../../../components/model/image";

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
