import { expect, test } from "vitest";
import { endedVersions } from "../../../components/model/end-of-life";

const NOW = new Date("2026-11-27");

test.each([
  ["postgres:13-alpine", ["PostgreSQL 13 is not supported since 2025-11-13"]],
  ["postgres:13.4", ["PostgreSQL 13 is not supported since 2025-11-13"]],
  ["docker.io/library/python:3.9-slim", ["Python 3.9 is not supported since 2025-10-31"]],
  ["node:18-alpine", ["Node.js 18 is not supported since 2025-04-30"]],
  ["debian:buster-slim", ["Debian buster is not supported since 2024-06-30"]],
  ["debian:10.13", ["Debian buster is not supported since 2024-06-30"]],
  ["nginx:1.20-buster", ["Debian buster is not supported since 2024-06-30"]],
  [
    "python:3.8-slim-buster",
    ["Python 3.8 is not supported since 2024-10-07", "Debian buster is not supported since 2024-06-30"],
  ],
  [`postgres:13@sha256:${"0a".repeat(32)}`, ["PostgreSQL 13 is not supported since 2025-11-13"]],
])("%s is out of support", (reference, sentences) => {
  expect(endedVersions(reference, NOW)).toEqual(sentences);
});

test.each([
  "postgres:16-alpine",
  "postgres:latest",
  "postgres",
  "python:3.11-slim",
  "python:3.1",
  "node:24-alpine",
  "node:lts",
  "debian:bookworm-slim",
  "debian:13",
  "nginx:alpine",
  "ghcr.io/acme/postgres:13",
  "acme/python:3.8",
])("%s is supported, or nothing is known about it", (reference) => {
  expect(endedVersions(reference, NOW)).toEqual([]);
});

test("a version is out of support from the day after its end", () => {
  expect(endedVersions("postgres:16", new Date("2028-11-09T23:00:00Z"))).toEqual([]);
  expect(endedVersions("postgres:16", new Date("2028-11-10T00:00:00Z"))).toHaveLength(1);
});
