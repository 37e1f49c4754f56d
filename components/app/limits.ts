/** Resource limits of a container. Exceeding them affects only this container. */
export interface Limits {
  /** Memory in MiB; swap is not used. Default: 256. */
  memory?: number;
  /** Memory in MiB, less than `memory`, that the container keeps when the server is short of memory: a soft limit. Default: 0, none. */
  reservation?: number;
  /** Processor time, in processors. Default: 1. */
  cpus?: number;
  /** Processes and threads at a time. Default: 100. */
  pids?: number;
}

/** The limits of a container, with the defaults filled in. */
export function limitsOf({ limits }: { limits?: Limits }): Required<Limits> {
  return { memory: 256, reservation: 0, cpus: 1, pids: 100, ...limits };
}
