// A cache beside the state, from which the next `up` detects changes without starting Pulumi. Only with the file backend:
// fetching another state takes as long as running Pulumi.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesHash } from "../../build/context.ts";
import { filesExcept } from "../../build/context-files.ts";
import { fingerprintOf, look } from "../drift/look.mts";
import type { Undisturbed } from "../drift/undisturbed.mts";
import { stateFile, stateFolder } from "../project/project.mts";
import { type Stack, settingsFile } from "../project/stack.mts";

export interface DeployCache {
  /** A fingerprint of program and settings. */
  sources: string;
  /** A fingerprint of the state. */
  state: string;
  /** The report that `up` printed: URL and sign-in. */
  report: string;
  /** The last observation of each server without drift. */
  looks?: Undisturbed[];
}

/** Files that neither program nor images read. */
const LEFT_OUT = [
  ".git",
  "**/node_modules",
  ".pulumi-home",
  ".pulumi-state",
  ".tools",
  "**/__pycache__",
  "**/.*_cache",
].join("\n");

/** Reads the cache of the last `up`; undefined if the state has changed since. */
export function readCache(stack: Stack): DeployCache | undefined {
  try {
    const cache = JSON.parse(readFileSync(cacheFile(stack), "utf8")) as DeployCache;
    return cache.state === stateFingerprint(stack) ? cache : undefined;
  } catch {
    return undefined;
  }
}

export function writeCache(stack: Stack, cache: DeployCache): void {
  writeFileSync(cacheFile(stack), JSON.stringify(cache), { mode: 0o600 });
}

/** Whether the stack looks the same as in its last observation without drift. @throws Problem if a server does not answer. */
export async function serversAreUnchanged({ looks = [] }: DeployCache): Promise<boolean> {
  const unchanged = await Promise.all(looks.map(async ({ view, seen }) => fingerprintOf(await look(view)) === seen));
  return unchanged.length > 0 && unchanged.every((one) => one);
}

/** Fingerprint of the current program and settings, including the package if it is linked from elsewhere. */
export function sourcesFingerprint(stack: Stack): string {
  const { folder } = stack.project;
  const hash = createHash("sha256");
  for (const sources of [folder, ...(isLinked(folder) ? [PACKAGE] : [])]) {
    hash.update(filesHash(sources, filesExcept(sources, LEFT_OUT)));
  }
  return hash.update(readFileSync(settingsFile(stack))).digest("hex");
}

/** Fingerprint of the current state; undefined unless it is in the project's own file backend. */
export function stateFingerprint({ project, name }: Stack): string | undefined {
  const file = stateFile(project, name);
  if (process.env["PULUMI_BACKEND_URL"] || file === undefined || !existsSync(file)) return undefined;
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

const PACKAGE = join(import.meta.dirname, "../..");

/** Whether the package is linked into the project. The project's lock file covers an installed one. */
function isLinked(folder: string): boolean {
  return relative(folder, PACKAGE).startsWith("..") && !PACKAGE.includes("node_modules");
}

function cacheFile({ project, name }: Stack): string {
  return join(stateFolder(project), `${name}.up`);
}
