import type { Limits } from "../../app/limits.ts";
import { cpus, memoryFrom, number, pids } from "../kinds.ts";
import { type Form, type Setting, type Settings, setting } from "../setting.ts";

/** What follows the prefix in the name of the setting for a limit: `backendMemoryMb`. */
export interface LimitSuffixes {
  memory: "MemoryMb";
  reservation: "ReservedMb";
  cpus: "Cpus";
  pids: "Pids";
}

/** The settings of the given limits, by name. */
export type LimitSettings<Prefix extends string, Limit extends keyof Limits> = Record<
  `${Prefix}${LimitSuffixes[Limit]}`,
  Setting<Form<number>>
>;

export interface LimitOptions {
  /** Least memory limit that the setting accepts, in MiB. Default: 16. */
  minMemory?: number;
  /** Sentence to add to the description of the memory limit. Default: none. */
  memoryNote?: string;
}

/**
 * Resource limits of a kind of container: `<prefix>MemoryMb`, `<prefix>ReservedMb`, `<prefix>Cpus` and `<prefix>Pids`, of which those
 * with a default are declared. `limitArgs` returns the argument `limits` for them.
 *
 * @example ...limitSettings("backend", "each backend container", { memory: 512, cpus: 1, pids: 100 })
 */
export function limitSettings<Prefix extends string, Limit extends keyof Limits>(
  prefix: Prefix,
  container: string,
  defaults: Readonly<Record<Limit, number>>,
  options?: LimitOptions,
): LimitSettings<Prefix, Limit>;
export function limitSettings(
  prefix: string,
  container: string,
  defaults: Limits,
  options: LimitOptions = {},
): Settings {
  const { minMemory = 16, memoryNote } = options;
  return {
    ...(defaults.memory !== undefined && {
      [`${prefix}MemoryMb`]: setting(memoryFrom(minMemory), {
        default: defaults.memory,
        description: [`Memory limit of ${container}.`, ...(memoryNote ? [memoryNote] : [])].join(" "),
        unit: "MiB",
      }),
    }),
    ...(defaults.reservation !== undefined && {
      [`${prefix}ReservedMb`]: setting(number(0, 1_048_576), {
        default: defaults.reservation,
        description: `Memory reservation of ${container}: what it keeps when the server is short of memory. Less than ${prefix}MemoryMb. 0: none.`,
        unit: "MiB",
      }),
    }),
    ...(defaults.cpus !== undefined && {
      [`${prefix}Cpus`]: setting(cpus, {
        // Text, because Pulumi has no type for fractions.
        default: String(defaults.cpus),
        description: `CPU limit of ${container}, e.g. 0.5.`,
        unit: "processors",
      }),
    }),
    ...(defaults.pids !== undefined && {
      [`${prefix}Pids`]: setting(pids, {
        default: defaults.pids,
        description: `Maximum number of processes and threads of ${container}.`,
      }),
    }),
  };
}
