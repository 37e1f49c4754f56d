import { execa } from "execa";
import type { Deployment } from "./deployment";

/**
 * Runs `pulumi up` and kills it (SIGKILL) the moment it begins its n-th step. Gives that step, e.g.
 * `docker:index:Container backend-1 creating`, or nothing when it came to its end with fewer.
 */
export async function upKilledAt(deployment: Deployment, step: number): Promise<string | undefined> {
  const up = execa("pulumi", deployment.upWords, { ...deployment.surroundings, all: true, reject: false });
  const begun = new Set<string>();
  let killedAt: string | undefined;
  for await (const line of up.iterable({ from: "all" })) {
    const what = /(\S+:\S+ \S+ (?:creating|updating|deleting))\b/.exec(line)?.[1];
    if (what === undefined || begun.has(what)) continue;
    begun.add(what);
    if (begun.size < step) continue;
    killedAt = what;
    up.kill("SIGKILL");
    break;
  }
  const { failed, all } = await up;
  if (killedAt === undefined && failed) throw new Error(all);
  return killedAt;
}
