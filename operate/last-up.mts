// What is kept of the last `make up`, beside the state: with it, the next one can tell what has changed without Pulumi.
// Only where the state is in files: elsewhere it takes as long to fetch it as to ask the engine.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesBut, filesHash } from "../components/build/context.ts";
import { fingerprintOf, look, type View } from "./drift/look.mts";
import { projectName } from "./project.mts";

export interface LastUp {
  /** A fingerprint of program and configuration. */
  sources: string;
  /** A fingerprint of the state. */
  state: string;
  /** Where the stack runs, for people. */
  said: string;
  /** How the stack was looked at when all was as it was deployed, and a fingerprint of what was seen. */
  look?: { view: View; seen: string };
}

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

/** What the last `up` left, where nobody has deployed since. */
export function lastUp(stack: string): LastUp | undefined {
  try {
    const kept = JSON.parse(readFileSync(file(stack), "utf8")) as LastUp;
    return kept.state === stateNow(stack) ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function keep(stack: string, kept: LastUp): void {
  writeFileSync(file(stack), JSON.stringify(kept), { mode: 0o600 });
}

/** Does the stack look as it did when all was as it was deployed? @throws Problem when it cannot be told. */
export async function looksAsItDid(stack: string, { look: before }: LastUp): Promise<boolean> {
  return before !== undefined && fingerprintOf(await look(stack, before.view)) === before.seen;
}

/** A fingerprint of program and configuration as they are. */
export function sourcesNow(stack: string): string {
  const hash = createHash("sha256");
  for (const folder of SOURCES) hash.update(filesHash(folder, filesBut(folder, LEFT_OUT)));
  return hash.update(readFileSync(`Pulumi.${stack}.yaml`)).digest("hex");
}

/** A fingerprint of the state as it is; undefined where it is not in files. */
export function stateNow(stack: string): string | undefined {
  const state = `.pulumi-state/.pulumi/stacks/${projectName()}/${stack}.json`;
  if (process.env["PULUMI_BACKEND_URL"] || !existsSync(state)) return undefined;
  return createHash("sha256").update(readFileSync(state)).digest("hex");
}

function file(stack: string): string {
  return `.pulumi-state/${stack}.up`;
}
