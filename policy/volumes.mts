import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { VOLUME } from "./container.mts";

/** Where the program is, and with it the state. */
const PROJECT = process.env["BERTH_PROJECT"] ?? join(import.meta.dirname, "..");

/** The volumes a stack has, by their names on the server, with the names the program gave them. */
export type Volumes = Map<string, string>;

/** Those the stack had that no resource of the program names any more: what runs will not see their data. */
export function lost(before: Volumes, after: ReadonlySet<string>): string[] {
  return [...before].filter(([onServer]) => !after.has(onServer)).map(([, name]) => name);
}

/** Reads them from the stack's state, as Pulumi keeps it: a policy is not told what is deleted. */
export async function deployedVolumes(stack: string): Promise<Volumes> {
  const { stdout } = await promisify(execFile)("pulumi", ["stack", "export", "--stack", stack, "--cwd", PROJECT], {
    maxBuffer: 256 * 1024 * 1024,
  });
  return volumesIn(JSON.parse(stdout));
}

interface Exported {
  deployment?: { resources?: { type: string; urn: string; delete?: boolean; outputs?: { name?: string } }[] | null };
}

function volumesIn({ deployment }: Exported): Volumes {
  const volumes = (deployment?.resources ?? []).filter((one) => one.type === VOLUME && !one.delete);
  return new Map(volumes.map(({ urn, outputs }) => [outputs?.name ?? "", urn.slice(urn.lastIndexOf("::") + 2)]));
}
