/** Memory limit of Redis and its eviction policy. */
export interface RedisMemory {
  /** Memory of the container in MiB. */
  memory: number;
  /** Memory for data in MiB. Default: half of the container's, as a snapshot may need the same amount again. */
  maxMemory?: number | undefined;
  /** Eviction policy when the memory is full. Default: `noeviction`: Redis refuses writes and loses no data. */
  policy?: EvictionPolicy | undefined;
}

/** `noeviction` refuses writes; the others evict from all keys, or from keys with an expiry. */
export type EvictionPolicy = "noeviction" | `${"allkeys" | "volatile"}-${"lru" | "lfu" | "random"}` | "volatile-ttl";

/** Settings of redis.conf: an append-only file that is synced every second (AOF), and snapshots (RDB). */
export function redisDirectives({ memory, maxMemory, policy = "noeviction" }: RedisMemory): Record<string, string> {
  return {
    bind: "*",
    // Protected mode would refuse other containers. Passwords restrict access instead.
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

/** Renders redis.conf, sorted by setting. */
export function redisConf(settings: Record<string, string>): string {
  const lines = Object.entries(settings)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([setting, value]) => `${setting} ${value}\n`);
  return `# Rendered by Berth for each release: do not edit in the container.\n${lines.join("")}`;
}
