import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Problem } from "../../model/problem.ts";

const Manifest = z.looseObject({
  type: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});
const PackageManifest = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

/** Packages of which a program and Berth must use the same copy. */
const SHARED = /^(@pulumi\/(command|docker|pulumi|random)|typescript)$/;

/**
 * Adds Berth and the packages that it shares with a program to package.json, in the tested versions. Keeps existing entries.
 * @throws Problem if the package is an ES module, which Pulumi cannot run.
 */
export function mergedManifest(existing: string | undefined, project: string): string {
  const { name, version, dependencies: ours } = packageManifest();
  const manifest = Manifest.parse(existing === undefined ? { name: project, private: true } : JSON.parse(existing));
  if (manifest.type === "module") {
    throw new Problem(
      'package.json has "type": "module", but Pulumi runs CommonJS programs. Create the project in a separate folder.',
    );
  }
  const shared = Object.entries(ours).filter(([key]) => SHARED.test(key));
  const required = { [name]: version, ...Object.fromEntries(shared) };
  const missing = Object.entries(required).filter(([key]) => manifest.devDependencies?.[key] === undefined);
  const dependencies = { ...Object.fromEntries(missing), ...manifest.dependencies };
  const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...manifest, dependencies: sorted }, null, 2)}\n`;
}

function packageManifest() {
  return PackageManifest.parse(JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")));
}
