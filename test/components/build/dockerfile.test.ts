import { expect, test } from "vitest";
import { baseImages, pinned } from "../../../components/build/dockerfile";
import type { ImageLock } from "../../../components/model/image-lock";

const DIGESTS = ["0a", "1b", "2c"].map((part) => `sha256:${part.repeat(32)}`);
const [PYTHON, NODE, NGINX] = DIGESTS as [string, string, string];
const lock: ImageLock = new Map(
  Object.entries({ "python:3.11-slim": PYTHON, "node:24": NODE, "nginx:alpine": NGINX }).map(([image, digest]) => [
    image,
    { digest, resolved: "2026-11-27" },
  ]),
);

test.each<[string, string, string]>([
  ["an image", "FROM python:3.11-slim\n", `FROM python:3.11-slim@${PYTHON}\n`],
  [
    "all stages, and the files that a stage copies from an image",
    "FROM node:24 AS built\nFROM nginx:alpine\nCOPY --from=built /dist /srv\nCOPY --link --from=python:3.11-slim --chown=1 /a /b\n",
    `FROM node:24@${NODE} AS built\nFROM nginx:alpine@${NGINX}\nCOPY --from=built /dist /srv\nCOPY --link --from=python:3.11-slim@${PYTHON} --chown=1 /a /b\n`,
  ],
  [
    "the same image twice",
    "FROM node:24 AS a\nFROM node:24 AS b\n",
    `FROM node:24@${NODE} AS a\nFROM node:24@${NODE} AS b\n`,
  ],
  [
    "an image beside a platform",
    "FROM --platform=$BUILDPLATFORM node:24 AS built\n",
    `FROM --platform=$BUILDPLATFORM node:24@${NODE} AS built\n`,
  ],
  ["an instruction in lower case", "from node:24 as built\n", `from node:24@${NODE} as built\n`],
  ["a quoted image", 'FROM "node:24" AS built\n', `FROM node:24@${NODE} AS built\n`],
  [
    "an image of a mount",
    "FROM node:24\nRUN --mount=type=bind,from=nginx:alpine,target=/x --mount=type=cache,target=/y ls\n",
    `FROM node:24@${NODE}\nRUN --mount=type=bind,from=nginx:alpine@${NGINX},target=/x --mount=type=cache,target=/y ls\n`,
  ],
  ["an image over two lines", "FROM no\\\nde:24 AS built\n", `FROM node:24@${NODE} AS built\n`],
  [
    "an image over two lines with another escape character",
    "# escape=`\nFROM `\n  node:24\nRUN dir C:\\\nCOPY --from=nginx:alpine a b\n",
    `# escape=\`\nFROM \`\n  node:24@${NODE}\nRUN dir C:\\\nCOPY --from=nginx:alpine@${NGINX} a b\n`,
  ],
  [
    "lines that end as in Windows",
    "# a comment\r\nFROM node:24\r\nCOPY --from=nginx:alpine a b\r\n",
    `# a comment\r\nFROM node:24@${NODE}\r\nCOPY --from=nginx:alpine@${NGINX} a b\r\n`,
  ],
])("pins %s", (_, dockerfile, expected) => {
  expect(pinned(dockerfile, lock)).toBe(expected);
});

test.each<[string, string]>([
  ["stages", "FROM scratch AS node\nFROM node AS other\nCOPY --from=node /a /b\nCOPY --from=0 /a /b\n"],
  ["stages in another case", "FROM scratch AS Built\nFROM BUILT\nCOPY --from=bUILT /a /b\n"],
  ["scratch", "FROM scratch\n"],
  ["an image by its digest", `FROM node:24@sha256:${"ff".repeat(32)}\n`],
  ["an image that the lock lacks", "FROM debian:bookworm\n"],
  ["a name in a comment", "# FROM node:24\nFROM scratch\n"],
  ["a name in a heredoc", "FROM scratch\nRUN <<EOF\nFROM node:24\nCOPY --from=node:24 a b\nEOF\n"],
  ["a name in a heredoc of COPY", "FROM scratch\nCOPY <<-'END' /Dockerfile\n\tFROM node:24\n\tEND\n"],
  ["a name that only the builder knows", "FROM node:$TARGETARCH\n"],
  ["an argument that is set after the first FROM", "FROM scratch\nARG TAG=24\nFROM node:$TAG\n"],
  ["an unknown form of an argument", `ARG TAG=v24\nFROM node:\${TAG#v}\n`],
  ["an instruction without an image", "FROM\n"],
  ["nothing", ""],
])("leaves %s as they are", (_, dockerfile) => {
  expect(pinned(dockerfile, lock)).toBe(dockerfile);
});

test("a stage has the name of its own image", () => {
  const dockerfile = "FROM nginx:alpine AS nginx\nFROM node AS node\nFROM node\nFROM nginx\n";
  expect(baseImages(dockerfile)).toEqual(["nginx:alpine", "node"]);
});

test.each<[string, Record<string, string>, string]>([
  [`ARG BASE=python:3.11-slim\nFROM \${BASE}\n`, {}, "python:3.11-slim"],
  ["ARG BASE=python:3.11-slim\nFROM $BASE\n", { BASE: "node:24" }, "node:24"],
  [`ARG BASE\nFROM \${BASE:-nginx:alpine}\n`, {}, "nginx:alpine"],
  [`ARG BASE\nFROM \${BASE:-nginx:alpine}\n`, { BASE: "" }, "nginx:alpine"],
  [`ARG SLIM=yes\nFROM python:3.11\${SLIM:+-slim}\n`, {}, "python:3.11-slim"],
  [`ARG NAME=python TAG="3.11-slim"\nARG BASE=\${NAME}:\${TAG}\nFROM \${BASE}\n`, {}, "python:3.11-slim"],
  [`ARG TAG=24 # not a comment\nFROM node:\${TAG}\n`, {}, "node:24"],
  ["ARG TAG=24\nFROM 'node:24'\n", {}, "node:24"],
])("an argument before the first FROM is filled in: %j with %j", (dockerfile, buildArgs, image) => {
  expect(baseImages(dockerfile, buildArgs)).toEqual([image]);
  const digest = lock.get(image)?.digest;
  expect(pinned(dockerfile, lock, buildArgs)).toBe(dockerfile.replace(/(?<=FROM ).*/, `${image}@${digest}`));
});

test("an argument that names a stage names no image", () => {
  expect(baseImages(`ARG LAST=built\nFROM node:24 AS built\nFROM \${LAST}\n`)).toEqual(["node:24"]);
});

test("the image of the Dockerfile's parser is a base image", () => {
  const syntax: ImageLock = new Map([["docker/dockerfile:1", { digest: NODE, resolved: "2026-11-27" }]]);
  const dockerfile = "# syntax=docker/dockerfile:1\nFROM scratch\n# syntax=node:24\n";
  expect(baseImages(dockerfile)).toEqual(["docker/dockerfile:1"]);
  expect(pinned(dockerfile, syntax)).toBe(dockerfile.replace("dockerfile:1", `dockerfile:1@${NODE}`));
});

test("base images are listed once, in order, with registries and ports", () => {
  const dockerfile = "FROM registry.example.org:5000/base:1 AS a\nFROM node:24\nCOPY --from=node:24 a b\n";
  expect(baseImages(dockerfile)).toEqual(["registry.example.org:5000/base:1", "node:24"]);
});
