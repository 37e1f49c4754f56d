import { execa } from "execa";
import type { Deployment } from "./deployment";

/**
 * Runs `pulumi up` and kills it (SIGKILL) as soon as it starts a step, e.g. `docker:index:Container backend-1
 * creating`. Returns the started steps; without a step to kill at, all of them.
 */
export async function upKilledAt(deployment: Deployment, step?: string): Promise<string[]> {
  const up = execa("pulumi", deployment.upArguments, { ...deployment.execOptions, all: true, reject: false });
  const begun = new Set<string>();
  for await (const line of up.iterable({ from: "all" })) {
    const what = /(\S+:\S+ \S+ (?:creating|updating|deleting))\b/.exec(line)?.[1];
    if (what === undefined) continue;
    begun.add(what);
    if (what !== step) continue;
    up.kill("SIGKILL");
    break;
  }
  const { failed, all } = await up;
  if (failed && !begun.has(step ?? "")) throw new Error(all);
  return [...begun];
}
