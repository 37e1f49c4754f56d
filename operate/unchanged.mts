#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Lets `make up` skip the engine where nothing has changed since the last one: unchanged.mts check|remember <stack>.
//   check     exits with 0 when program, configuration and state are those of the last `up`, and says where the stack runs
//   remember  after an `up`; standard input is what `check` says then
// Only where the state is in files: elsewhere it takes as long to fetch it as to ask the engine.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { filesBut, filesHash } from "../components/build/context.ts";
import { projectName } from "./project.mts";

/** What no program reads. Anything else may be part of an image. */
const LEFT_OUT = [
  ".git",
  "**/node_modules",
  ".pulumi-home",
  ".pulumi-state",
  ".tools",
  "**/__pycache__",
  "**/.*_cache",
].join("\n");

/** What the program is written with may stand elsewhere than the project. */
const COMPONENTS = relative(".", join(import.meta.dirname, "../components"));
const SOURCES = COMPONENTS.startsWith("..") ? [".", COMPONENTS] : ["."];

const [action = "", stack = ""] = process.argv.slice(2);
const remembered = `.pulumi-state/${stack}.up`;
const parts = [`Pulumi.${stack}.yaml`, `.pulumi-state/.pulumi/stacks/${projectName()}/${stack}.json`];

if (process.env["PULUMI_BACKEND_URL"] || !parts.every(existsSync)) {
  process.exitCode = 1;
} else if (action === "remember") {
  writeFileSync(remembered, `${fingerprint()}\n${await text(process.stdin)}`);
} else {
  const [before, ...said] = existsSync(remembered) ? readFileSync(remembered, "utf8").split("\n") : [];
  if (before === fingerprint()) console.log(said.join("\n"));
  else process.exitCode = 1;
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const folder of SOURCES) hash.update(filesHash(folder, filesBut(folder, LEFT_OUT)));
  for (const part of parts) hash.update(readFileSync(part));
  return hash.digest("hex");
}
