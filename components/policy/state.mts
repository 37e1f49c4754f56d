import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** Where the program is, and with it the state: the nearest project above the policies, unless `berth` names it. */
const PROJECT = process.env["BERTH_PROJECT"] ?? projectAbove(import.meta.dirname);

function projectAbove(folder: string): string {
  return existsSync(join(folder, "Pulumi.yaml")) || folder === dirname(folder) ? folder : projectAbove(dirname(folder));
}

/** A resource as it was deployed last. */
export interface Deployed {
  type: string;
  urn: string;
  inputs?: { image?: unknown };
  outputs?: { name?: string };
}

/** Reads a stack's resources from its state, as Pulumi keeps it: a policy is not told what is replaced or deleted. */
export async function deployedResources(stack: string): Promise<Deployed[]> {
  const { stdout } = await promisify(execFile)("pulumi", ["stack", "export", "--stack", stack, "--cwd", PROJECT], {
    maxBuffer: 256 * 1024 * 1024,
  });
  const { deployment }: { deployment?: { resources?: (Deployed & { delete?: boolean })[] | null } } =
    JSON.parse(stdout);
  return (deployment?.resources ?? []).filter((one) => !one.delete);
}
