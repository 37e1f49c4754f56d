import { portChecks } from "../../../remote/server/checks/ports.mts";
import { type Check, skipped } from "../check.mts";
import type { Facts } from "../facts.mts";
import { targetOf } from "../target.mts";

export function ports(facts: Facts): Check[] {
  return facts.server ? portChecks(facts.server, targetOf(facts)) : [skipped("ports", "the server is not reachable")];
}
