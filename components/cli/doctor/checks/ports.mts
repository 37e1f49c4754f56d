import { nameChecks } from "../../../remote/server/checks/names.mts";
import { portChecks } from "../../../remote/server/checks/ports.mts";
import { type Check, skipped } from "../check.mts";
import type { Facts } from "../facts.mts";
import { targetOf } from "../target.mts";

export function ports(facts: Facts): Check[] {
  if (!facts.server) return [skipped("ports", "the server is not reachable")];
  const target = targetOf(facts);
  return [...portChecks(facts.server, target), ...nameChecks(facts.server, target)];
}
