// Describes a container as facts in plain text, so that a deployed and an observed container can be compared.
import { canonicalAddress } from "../../model/address.ts";
import type { ImageConfig } from "../../model/inspected.ts";

/** Values by the name of the fact. */
export type Facts = Record<string, string>;

/** Facts that Docker can change in a running container, without a replacement. */
export const CHANGED_IN_PLACE = [
  "limit of memory",
  "limit of memory and swap",
  "limit of processors",
  "restart policy",
];

export const SCRATCH = "anonymous volume, writable";

export function prefixed(prefix: string, values: Record<string, string> | undefined): Facts {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [`${prefix} ${key}`, value]));
}

/** If a variable occurs twice, the later value counts. */
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

/** The same from a number of bytes, as the engine counts. */
export function mebibytesIn(bytes = 0): string {
  return mebibytes(bytes / 1_048_576);
}

export function aliasList(aliases: readonly string[]): string {
  return `aliases ${[...new Set(aliases)].sort().join(", ") || "none"}`;
}

export function mountText(type: string, source: string | undefined, writable: boolean): string {
  // Docker names an anonymous volume with 64 hexadecimal digits.
  if (type === "volume" && /^[0-9a-f]{64}$/.test(source ?? ""))
    return writable ? SCRATCH : "anonymous volume, read-only";
  return `${type === "bind" ? "folder" : type} ${source}, ${writable ? "writable" : "read-only"}`;
}

/** @param bindings each with the container's port, and address and port on the server. Docker 29 spells addresses in its own way. */
export function ports(bindings: { port: string; address: string; published: string | number | undefined }[]): Facts {
  const facts: Facts = {};
  for (const { port, address, published } of bindings) {
    const where = `${canonicalAddress(address)}:${published}`;
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

/** A health check as the engine prints it, with durations in nanoseconds. */
export function inSeconds(check: NonNullable<ImageConfig["Healthcheck"]>): Health {
  const { Test, Interval, Timeout, StartPeriod, Retries } = check;
  const text = (nanoseconds: number) => `${nanoseconds / 1e9}s`;
  return {
    test: Test ?? [],
    interval: text(Interval),
    timeout: text(Timeout),
    startPeriod: text(StartPeriod),
    retries: Retries,
  };
}

/** Parses a duration in Go's notation, such as `1m15s`, to seconds. */
export function seconds(text = "0s"): number {
  const [, hours = 0, minutes = 0, rest = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(text) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

export function yesNo(value: boolean | null | undefined): string {
  return value ? "yes" : "no";
}
