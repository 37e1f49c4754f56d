import { mayBeSecret } from "../../model/secrets.ts";

/** An object that differs from its deployment. */
export interface Finding {
  /** E.g. `Container backend-1`. */
  what: string;
  /** Its differences, one a line. */
  differences: string[];
  /** How `up` reverts them. Default: it does not. */
  fix?: Fix;
}

export interface Fix {
  /** URNs of resources to replace. */
  replace?: string[];
  /** URNs of resources to refresh, so that Pulumi updates them in place. */
  refresh?: string[];
  /** An object to remove, because it was not deployed. */
  remove?: Removal;
}

export interface Removal {
  kind: "container" | "image" | "network";
  /** Of an image, its name: the image itself may be in use. */
  id: string;
  /** Remove it after the `up`, as it may serve in place of a missing container. Default: false. */
  later?: boolean;
  /** Time to complete its requests, in seconds. Default: 10. */
  grace?: number;
}

/** The fixes of all findings together. */
export interface Actions {
  replace: string[];
  refresh: string[];
  now: Removal[];
  later: Removal[];
}

export function actionsOf(findings: readonly Finding[]): Actions {
  const fixes = findings.flatMap(({ fix }) => fix ?? []);
  const removals = fixes.flatMap(({ remove }) => remove ?? []);
  return {
    replace: [...new Set(fixes.flatMap(({ replace }) => replace ?? []))],
    refresh: [...new Set(fixes.flatMap(({ refresh }) => refresh ?? []))],
    now: removals.filter(({ later }) => !later),
    later: removals.filter(({ later }) => later),
  };
}

/** Compares two sets of facts; one line for each difference. */
export function differencesBetween(deployed: Record<string, string>, there: Record<string, string>): string[] {
  return differingFacts(deployed, there).map((fact) => {
    const [before, now] = [deployed[fact], there[fact]];
    if (before === undefined) return `${fact}: not deployed, is ${displayed(fact, now ?? "")}`;
    return `${fact}: ${now === undefined ? "missing" : `is ${displayed(fact, now)}`}, deployed as ${quoted(before)}`;
  });
}

export function differingFacts(deployed: Record<string, string>, there: Record<string, string>): string[] {
  const all = [...new Set([...Object.keys(deployed), ...Object.keys(there)])];
  return all.filter((fact) => deployed[fact] !== there[fact]).sort();
}

/** Deployed environment variables are not secret, but a value set by hand may be. */
function displayed(fact: string, value: string): string {
  const [, variable] = /^environment (.*)$/.exec(fact) ?? [];
  return variable !== undefined && mayBeSecret(variable, value) ? "another value, not shown" : quoted(value);
}

function quoted(value: string): string {
  return value === "" ? "empty" : value;
}
