import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Problem } from "../../model/problem.ts";

const Manifest = z.looseObject({
  type: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});
const Own = z.object({ name: z.string(), version: z.string(), dependencies: z.record(z.string(), z.string()) });

/** A program and Berth must use the same copy of these. */
const SHARED = /^(@pulumi\/(command|docker|pulumi|random)|typescript)$/;

/**
 * The project's package.json with Berth and the packages it works with, in the versions it is tested with. What is there already stays.
 * @throws Problem where the project's programs are ES modules, which Pulumi does not start.
 */
export function mergedManifest(existing: string | undefined, project: string): string {
  const { name, version, dependencies: ours } = own();
  const manifest = Manifest.parse(existing === undefined ? { name: project, private: true } : JSON.parse(existing));
  if (manifest.type === "module") {
    throw new Problem(
      'package.json says "type": "module", and Pulumi starts programs of CommonJS. Make the project in a folder of its own.',
    );
  }
  const shared = Object.entries(ours).filter(([key]) => SHARED.test(key));
  const wanted = { [name]: version, ...Object.fromEntries(shared) };
  const missing = Object.entries(wanted).filter(([key]) => manifest.devDependencies?.[key] === undefined);
  const dependencies = { ...Object.fromEntries(missing), ...manifest.dependencies };
  const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...manifest, dependencies: sorted }, null, 2)}\n`;
}

function own() {
  return Own.parse(JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")));
}
