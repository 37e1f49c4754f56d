import { type Check, problem } from "../check.mts";
import type { Server } from "../facts.mts";
import type { Target } from "./target.mts";

/** One check for each name that the front door routes to the site of another stack. */
export function nameChecks({ routes }: Server, { project, stack, ports }: Target): Check[] {
  const wanted = new Set(ports.flatMap(({ names }) => names ?? []));
  const others = routes.filter((one) => one.project !== project || one.stack !== stack);
  return others.flatMap((owner) =>
    owner.names
      .filter((name) => wanted.has(name))
      .map((name) =>
        problem(
          `name ${name}`,
          `belongs to the site of the stack ${owner.stack} of ${owner.project}`,
          "Remove it there first, or choose another name: siteName and allowedHosts",
        ),
      ),
  );
}
