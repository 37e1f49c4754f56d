import type { Limits } from "../../app/limits.ts";
import { accessSettings } from "./access.ts";
import { limitSettings } from "./limits.ts";

/**
 * Settings of a `Redis`: `redisMemoryMb`, `redisCpus` and `redisPids`, of which those with a default are declared, `redisPort`,
 * `redisPassword` and `redisPasswordVersion`. `redisArgs` returns its arguments.
 *
 * @example ...redisSettings({ memory: 256, cpus: 1 })
 */
export function redisSettings<Limit extends keyof Limits>(defaults: Readonly<Record<Limit, number>>) {
  const options = { memoryNote: "It covers the data, by default half of it, and what a snapshot needs." };
  return { ...limitSettings("redis", "Redis", defaults, options), ...accessSettings("redis", "Redis") };
}
