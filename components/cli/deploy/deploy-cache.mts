// What `up` keeps beside the state, so that the next one can tell what changed without Pulumi. Only where the state is in files:
// elsewhere it takes as long to fetch it as to ask the engine.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesBut, filesHash } from "../../build/context.ts";
import { fingerprintOf, look, type View } from "../drift/look.mts";
import { stateFile, stateFolder } from "../project/project.mts";
import { type Stack, settingsFile } from "../project/stack.mts";

export interface DeployCache {
  /** A fingerprint of program and settings. */
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

/** What the last `up` kept; undefined where somebody has deployed since. */
export function readCache(stack: Stack): DeployCache | undefined {
  try {
    const kept = JSON.parse(readFileSync(cacheFile(stack), "utf8")) as DeployCache;
    return kept.state === stateFingerprint(stack) ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function keepCache(stack: Stack, kept: DeployCache): void {
  writeFileSync(cacheFile(stack), JSON.stringify(kept), { mode: 0o600 });
}

/** Whether the stack looks as it did when all was as it was deployed. @throws Problem when it cannot be told. */
export async function looksTheSame({ look: before }: DeployCache): Promise<boolean> {
  return before !== undefined && fingerprintOf(await look(before.view)) === before.seen;
}

/** A fingerprint of program and settings as they are. The package is part of it where it is linked from elsewhere. */
export function sourcesFingerprint(stack: Stack): string {
  const { folder } = stack.project;
  const hash = createHash("sha256");
  for (const sources of [folder, ...(isLinked(folder) ? [PACKAGE] : [])]) {
    hash.update(filesHash(sources, filesBut(sources, LEFT_OUT)));
  }
  return hash.update(readFileSync(settingsFile(stack))).digest("hex");
}

/** A fingerprint of the state as it is; undefined where it is not in the project's own files. */
export function stateFingerprint({ project, name }: Stack): string | undefined {
  const file = stateFile(project, name);
  if (process.env["PULUMI_BACKEND_URL"] || file === undefined || !existsSync(file)) return undefined;
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

const PACKAGE = join(import.meta.dirname, "../..");

/** An installed package is told by the project's lock file. */
function isLinked(folder: string): boolean {
  return relative(folder, PACKAGE).startsWith("..") && !PACKAGE.includes("node_modules");
}

function cacheFile({ project, name }: Stack): string {
  return join(stateFolder(project), `${name}.up`);
}
