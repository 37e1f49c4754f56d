import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installedMark } from "./environment.mts";

/** The oldest supported version of Pulumi. */
export const OLDEST_PULUMI = "3.200.0";

interface Found {
  program: string;
  version: string | undefined;
}

/** Finds Pulumi in the project's own home, or a supported version on PATH. Undefined if it has to be installed. */
export function findPulumi(home: string): Found | undefined {
  if (existsSync(installedMark(home))) return { program: join(home, "bin", "pulumi"), version: undefined };
  return pulumiOnPath();
}

/** Finds a supported version of Pulumi on PATH. */
export function pulumiOnPath(): Found | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const program = join(folder, "pulumi");
    const version = folder !== "" && existsSync(program) ? versionOf(program) : undefined;
    if (version !== undefined && isAtLeast(OLDEST_PULUMI, version)) return { program, version };
  }
  return undefined;
}

/** The version of a Pulumi program, e.g. `3.217.0`; undefined if it does not run. */
export function versionOf(program: string): string | undefined {
  try {
    const environment = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    return execFileSync(program, ["version"], { encoding: "utf8", env: environment }).trim().replace(/^v/, "");
  } catch {
    return undefined;
  }
}

/** Whether `version` is `least` or later. */
export function isAtLeast(least: string, version: string): boolean {
  const [required, actual] = [least, version].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (const [at, part] of (required ?? []).entries()) {
    const difference = (actual?.[at] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
