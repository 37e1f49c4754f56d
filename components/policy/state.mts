import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parseState, type Resource, resourcesOf } from "../model/state.ts";

/** Folder of the project: BERTH_PROJECT, which `berth` sets, else the nearest project above this file. */
export const PROJECT = process.env["BERTH_PROJECT"] ?? projectAbove(import.meta.dirname);

function projectAbove(folder: string): string {
  return existsSync(join(folder, "Pulumi.yaml")) || folder === dirname(folder) ? folder : projectAbove(dirname(folder));
}

/** Reads a stack's resources from its state: Pulumi passes policies the new resources only. */
export async function deployedResources(stack: string): Promise<Resource[]> {
  const { stdout } = await promisify(execFile)("pulumi", ["stack", "export", "--stack", stack, "--cwd", PROJECT], {
    maxBuffer: 256 * 1024 * 1024,
  });
  return resourcesOf(parseState(stdout)).filter((one) => !one.delete);
}
