import type { Limits } from "../../app/limits.ts";

/** The values of `limitSettings`. */
export type LimitValues<Prefix extends string> = Partial<
  Record<`${Prefix}MemoryMb` | `${Prefix}ReservedMb` | `${Prefix}Cpus` | `${Prefix}Pids`, number>
>;

/** A container's argument `limits`, from the values of `limitSettings(prefix, …)`. */
export function limitArgs<Prefix extends string>(values: LimitValues<Prefix>, prefix: Prefix): Limits {
  const memory = values[`${prefix}MemoryMb` as const];
  const reservation = values[`${prefix}ReservedMb` as const];
  const cpus = values[`${prefix}Cpus` as const];
  const pids = values[`${prefix}Pids` as const];
  return {
    ...(memory !== undefined && { memory }),
    ...(reservation !== undefined && { reservation }),
    ...(cpus !== undefined && { cpus }),
    ...(pids !== undefined && { pids }),
  };
}
