import type { Limits } from "../../app/limits.ts";
import { accessSettings } from "./access.ts";
import { limitSettings } from "./limits.ts";

/**
 * Settings of a `Postgres`: `databaseMemoryMb`, `databaseCpus` and `databasePids`, of which those with a default are declared,
 * `databasePort`, `databasePassword` and `databasePasswordVersion`. `postgresArgs` returns its arguments.
 *
 * @example ...postgresSettings({ memory: 512, cpus: 1, pids: 200 })
 */
export function postgresSettings<Limit extends keyof Limits>(defaults: Readonly<Record<Limit, number>>) {
  const options = { minMemory: 128, memoryNote: "The sizes of its caches follow from it." };
  return {
    ...limitSettings("database", "PostgreSQL", defaults, options),
    ...accessSettings("database", "PostgreSQL"),
  };
}
