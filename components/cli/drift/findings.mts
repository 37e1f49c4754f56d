import { mayBeSecret } from "../../model/secrets.ts";

/** One thing that is not as it was deployed. */
export interface Finding {
  /** E.g. `Container backend-1`. */
  what: string;
  /** How it differs, a line each. */
  differences: string[];
  /** What of it is mended, and how. Default: nothing, as only people can. */
  cure?: Cure;
}

export interface Cure {
  /** URNs of what Pulumi has to make anew. */
  replace?: string[];
  /** URNs of what Pulumi changes in place, once it has read it. */
  refresh?: string[];
  /** What stands there and was not deployed. */
  remove?: Removal;
}

export interface Removal {
  kind: "container" | "network";
  id: string;
  /** It may serve in place of what is missing, so it goes after the `up`. Default: false. */
  later?: boolean;
  /** Seconds it may take to end the requests it has. Default: 10. */
  grace?: number;
}

/** What is to be done for all findings together. */
export interface Mending {
  replace: string[];
  refresh: string[];
  now: Removal[];
  later: Removal[];
}

export function mendingOf(findings: readonly Finding[]): Mending {
  const cures = findings.flatMap(({ cure }) => cure ?? []);
  const removals = cures.flatMap(({ remove }) => remove ?? []);
  return {
    replace: [...new Set(cures.flatMap(({ replace }) => replace ?? []))],
    refresh: [...new Set(cures.flatMap(({ refresh }) => refresh ?? []))],
    now: removals.filter(({ later }) => !later),
    later: removals.filter(({ later }) => later),
  };
}

/** Two sets of facts, compared: a line for each that differs. */
export function differencesBetween(deployed: Record<string, string>, there: Record<string, string>): string[] {
  return differingFacts(deployed, there).map((fact) => {
    const [before, now] = [deployed[fact], there[fact]];
    if (before === undefined) return `${fact}: was not deployed, is ${shown(fact, now ?? "")}`;
    return `${fact}: ${now === undefined ? "is not there" : `is ${shown(fact, now)}`}, was deployed as ${quoted(before)}`;
  });
}

export function differingFacts(deployed: Record<string, string>, there: Record<string, string>): string[] {
  const all = [...new Set([...Object.keys(deployed), ...Object.keys(there)])];
  return all.filter((fact) => deployed[fact] !== there[fact]).sort();
}

/** What was deployed into the environment is no secret; what somebody has put there by hand may be one. */
function shown(fact: string, value: string): string {
  const [, variable] = /^environment (.*)$/.exec(fact) ?? [];
  return variable !== undefined && mayBeSecret(variable, value) ? "another one, not shown" : quoted(value);
}

function quoted(value: string): string {
  return value === "" ? "empty" : value;
}
