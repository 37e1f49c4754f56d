#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON
// Lets `make up` skip the engine where nothing has changed since the last one: unchanged.mts check|remember <stack>.
//   check     exits with 0 when program, configuration and state are those of the last `up`, nobody changes the stack just
//             now and all is as it was deployed; says where the stack runs
//   remember  after an `up`; standard input is what `check` says then
// Only where the state is in files: elsewhere it takes as long to fetch it as to ask the engine.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { filesBut, filesHash } from "../components/build/context.ts";
import { fingerprintOf, look, type View } from "./drift/look.mts";
import { lockFolder, locksIn } from "./held-locks.mts";
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

/** What is remembered of the last `up`. */
interface Remembered {
  /** Of program, configuration and state. */
  fingerprint: string;
  said: string;
  /** How the stack was looked at when all was as it was deployed, and what was seen. Missing until that was done. */
  last?: { view: View; seen: string };
}

const [action = "", stack = ""] = process.argv.slice(2);
const project = projectName();
const file = `.pulumi-state/${stack}.up`;
const parts = [`Pulumi.${stack}.yaml`, `.pulumi-state/.pulumi/stacks/${project}/${stack}.json`];

if (process.env["PULUMI_BACKEND_URL"] || !parts.every(existsSync)) {
  process.exitCode = 1;
} else if (action === "remember") {
  remember({ fingerprint: fingerprint(), said: (await text(process.stdin)).trimEnd() });
} else {
  const before = remembered();
  const locks = locksIn(lockFolder("file://./.pulumi-state", process.cwd(), project, stack) ?? "");
  if (before && locks.length === 0 && before.fingerprint === fingerprint() && (await stands(before))) {
    console.log(`Nothing has changed: neither here nor on the server.\n${before.said}`);
  } else {
    process.exitCode = 1;
  }
}

/** Is all as it was deployed? Where it looks as it did the last time, the state need not be read. */
async function stands(before: Remembered): Promise<boolean> {
  try {
    const { view, seen } = before.last ?? {};
    if (view && fingerprintOf(await look(stack, view)) === seen) return true;
    const last = await (await import("./drift/undisturbed.mts")).undisturbed(stack);
    if (last) remember({ ...before, last: { view: last.view, seen: fingerprintOf(last.seen) } });
    return last !== undefined;
  } catch {
    return false;
  }
}

function remembered(): Remembered | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Remembered;
  } catch {
    return undefined;
  }
}

function remember(now: Remembered): void {
  writeFileSync(file, JSON.stringify(now), { mode: 0o600 });
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const folder of SOURCES) hash.update(filesHash(folder, filesBut(folder, LEFT_OUT)));
  for (const part of parts) hash.update(readFileSync(part));
  return hash.digest("hex");
}
