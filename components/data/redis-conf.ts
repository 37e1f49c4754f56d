/** How Redis keeps data within its memory. */
export interface RedisMemory {
  /** Memory of the container in MiB. */
  memory: number;
  /** Memory for data in MiB. Default: half of the container's, as a snapshot under way may need as much once more. */
  maxMemory?: number | undefined;
  /** What happens when that is full. Default: `noeviction`: writing is refused, and nothing is lost. */
  policy?: EvictionPolicy | undefined;
}

/** `noeviction` refuses writing; the others make room among all keys, or among those that expire. */
export type EvictionPolicy = "noeviction" | `${"allkeys" | "volatile"}-${"lru" | "lfu" | "random"}` | "volatile-ttl";

/** Settings of redis.conf: each second what was written goes to a log (AOF), and snapshots are taken beside it (RDB). */
export function redisSettings({ memory, maxMemory, policy = "noeviction" }: RedisMemory): Record<string, string> {
  return {
    bind: "*",
    // It would shut out other containers; passwords shut out strangers.
    "protected-mode": "no",
    dir: "/data",
    aclfile: "/data/users.acl",
    maxmemory: `${maxMemory ?? Math.floor(memory / 2)}mb`,
    "maxmemory-policy": policy,
    appendonly: "yes",
    appendfsync: "everysec",
    save: "900 1 300 10 60 10000",
  };
}

/** redis.conf, in the order of the settings' names. */
export function redisConf(settings: Record<string, string>): string {
  const lines = Object.entries(settings)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([setting, value]) => `${setting} ${value}\n`);
  return `# Rendered by Berth for each release: do not edit in the container.\n${lines.join("")}`;
}
