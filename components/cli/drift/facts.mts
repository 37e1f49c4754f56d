// A container in words for people, fact by fact, so that what was deployed and what is there can be compared.

/** What there is to say, by what it is about. */
export type Facts = Record<string, string>;

/** What Docker lets one change in a container that runs, so that it need not be replaced. */
export const CHANGED_IN_PLACE = [
  "limit of memory",
  "limit of memory and swap",
  "limit of processors",
  "restart policy",
];

export const SCRATCH = "a volume of its own, writable";

export function prefixed(prefix: string, values: Record<string, string> | undefined): Facts {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [`${prefix} ${key}`, value]));
}

/** Later ones count. */
export function environment(variables: string[]): Facts {
  return Object.fromEntries(
    variables.map((text) => {
      const equals = text.indexOf("=");
      return [`environment ${text.slice(0, equals)}`, text.slice(equals + 1)];
    }),
  );
}

export function words(list: readonly string[] | null | undefined): string {
  return (list ?? []).join(" ");
}

export function mebibytes(count: number): string {
  return count > 0 ? `${count} MiB` : "none";
}

export function aliasList(aliases: readonly string[]): string {
  return `known there as ${[...new Set(aliases)].sort().join(", ") || "nothing else"}`;
}

export function mountText(type: string, source: string | undefined, writable: boolean): string {
  // Names of volumes without a name are 64 hexadecimal digits.
  if (type === "volume" && /^[0-9a-f]{64}$/.test(source ?? ""))
    return writable ? SCRATCH : "a volume of its own, read-only";
  return `${type === "bind" ? "folder" : type} ${source}, ${writable ? "writable" : "read-only"}`;
}

export function ports(bindings: (readonly [string, string])[]): Facts {
  const facts: Facts = {};
  for (const [port, where] of bindings) {
    const key = `port ${port}`;
    facts[key] = facts[key] ? `${facts[key]}, ${where}` : where;
  }
  return facts;
}

export function capabilities(list: readonly string[] | null | undefined): string {
  return (list ?? [])
    .map((name) => name.replace(/^CAP_/, ""))
    .sort()
    .join(", ");
}

export interface Health {
  test: readonly string[] | undefined;
  interval?: string | undefined;
  timeout?: string | undefined;
  startPeriod?: string | undefined;
  retries?: number | undefined;
}

export function health(check: Health | null | undefined): Facts {
  if (!check) return {};
  const { test, interval, timeout, startPeriod, retries } = check;
  const times = `every ${seconds(interval)} s, ${seconds(timeout)} s each, ${retries ?? 0} tries, after ${seconds(startPeriod)} s`;
  return { "health check": `${words(test)} (${times})` };
}

/** Go's notation of a time, such as `1m15s`, in seconds. */
function seconds(text = "0s"): number {
  const [, hours = 0, minutes = 0, rest = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(text) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

export function yesNo(value: boolean | null | undefined): string {
  return value ? "yes" : "no";
}
