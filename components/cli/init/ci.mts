import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const TEMPLATE = join(import.meta.dirname, "template", "ci");
/** Paths in a project of the template's files, which are not hidden: hidden files belong to no release. */
const TARGETS = { github: ".github/workflows/", gitlab: "." };

/** CI systems for which `berth init --ci` writes workflows. */
export const CI_SYSTEMS = ["github", "gitlab"] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

/** The workflows for the stack prod, by path: plan in review, deployment, nightly checks, updates of base images. */
export function workflows(system: CiSystem): Map<string, string> {
  const folder = join(TEMPLATE, system);
  const names = readdirSync(folder).sort();
  return new Map(names.map((name) => [TARGETS[system] + name, readFileSync(join(folder, name), "utf8")]));
}
