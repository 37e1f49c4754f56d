import { CONNECTIONS } from "../data/postgres-settings.ts";
import type { RawSettings } from "./kinds.ts";

/** Connections that PostgreSQL keeps for superusers, and those of the migration job, backups and tools. */
const RESERVED = 10;

/** Names of settings, or numbers, whose product is the number of a service's connections. */
export type Factors = readonly (string | number)[];

/**
 * Errors in settings with which the database runs out of connections during a release, when old and new containers run side by side.
 * For the `check` of a project's settings.
 *
 * @param services Factors by service, e.g. replicas × processes × threads.
 * @param accepted The server's `max_connections`. Default: that of `Postgres`.
 * @example check: (raw) => connectionProblems(raw, { backend: ["replicas", "gunicornWorkers", 2] })
 */
export function connectionProblems(
  raw: RawSettings,
  services: Readonly<Record<string, Factors>>,
  accepted = CONNECTIONS,
): string[] {
  const products = Object.entries(services).map(([service, factors]) => {
    const text = factors.map((one) => (typeof one === "number" ? one : `${raw[one]} (${one})`)).join(" × ");
    return { text: `${service} ${text}`, count: factors.map((one) => numberOf(raw, one)).reduce((a, b) => a * b, 1) };
  });
  const needed = 2 * products.reduce((sum, { count }) => sum + count, 0);
  const available = accepted - RESERVED;
  // Another problem reports a setting that is no number.
  if (!(needed > available)) return [];
  const names = Object.values(services).flatMap((factors) => factors.filter((one) => typeof one === "string"));
  return [
    `The database has ${available} connections for the application (${accepted} less ${RESERVED} for jobs, backups and tools), but old and new containers of a release need ${needed}: twice ${products.map(({ text }) => text).join(" + ")}. Lower ${names.join(" or ")}`,
  ];
}

function numberOf(raw: RawSettings, factor: string | number): number {
  return typeof factor === "number" ? factor : Number(raw[factor]);
}
