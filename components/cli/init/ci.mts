import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const TEMPLATE = join(import.meta.dirname, "template", "ci");
/** Paths in a project of the template's files, which are not hidden: hidden files belong to no release. */
const TARGETS = { github: ".github/workflows/", gitlab: "." };

/** CI systems for which `berth init --ci` writes workflows. */
export const CI_SYSTEMS = ["github", "gitlab"] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

/**
 * The workflows for the stack prod, by path: plan in review, deployment, nightly checks, updates of base images. With `previews`, also
 * those for preview environments, which GitLab has in the same file.
 */
export function workflows(system: CiSystem, { previews = false } = {}): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of [system, ...(previews ? [`${system}-preview`] : [])]) {
    for (const name of readdirSync(join(TEMPLATE, folder)).sort()) {
      const path = TARGETS[system] + name;
      const before = files.get(path);
      const text = readFileSync(join(TEMPLATE, folder, name), "utf8");
      files.set(path, before === undefined ? text : `${before}\n${text}`);
    }
  }
  return files;
}
