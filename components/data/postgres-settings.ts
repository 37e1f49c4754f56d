/** Resources of a server. */
export interface Resources {
  /** Memory in MiB. */
  memory: number;
  /** Processors. */
  cpus: number;
}

/** Maximum number of connections. `connectionProblems` compares a stack's settings with it. */
export const CONNECTIONS = 100;

/**
 * Settings for a server with this memory, by the rules of PGTune and PostgreSQL's manual for a web application: a quarter for
 * shared buffers, and three quarters as the effective cache size.
 */
export function postgresParameters({ memory, cpus }: Resources): Record<string, string> {
  const sharedBuffers = Math.max(32, Math.floor(memory / 4));
  const workers = Math.max(1, Math.floor(cpus));
  return {
    max_connections: String(CONNECTIONS),
    shared_buffers: `${sharedBuffers}MB`,
    effective_cache_size: `${Math.floor((memory * 3) / 4)}MB`,
    maintenance_work_mem: `${Math.min(2048, Math.max(16, Math.floor(memory / 16)))}MB`,
    // A query may use it several times, and the maximum number of connections must still fit.
    work_mem: `${Math.max(1024, Math.floor(((memory - sharedBuffers) * 1024) / (CONNECTIONS * 3)))}kB`,
    max_wal_size: "1GB",
    min_wal_size: "128MB",
    checkpoint_completion_target: "0.9",
    random_page_cost: "1.1",
    effective_io_concurrency: "200",
    max_parallel_workers: String(workers),
    max_parallel_workers_per_gather: String(Math.max(1, Math.floor(workers / 2))),
    password_encryption: "scram-sha-256",
    log_min_duration_statement: "1s",
    log_lock_waits: "on",
  };
}

/** Settings as arguments of `postgres`, sorted by name. */
export function postgresCommand(settings: Record<string, string>): string[] {
  return Object.entries(settings)
    .sort(([one], [other]) => one.localeCompare(other))
    .flatMap(([setting, value]) => ["-c", `${setting}=${value}`]);
}
