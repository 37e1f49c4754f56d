/** How much of the server a container may take; beyond it, it fails alone and its neighbours do not notice. */
export interface Limits {
  /** Memory in MiB; swap is not used. Default: 256. */
  memory?: number;
  /** Processor time, in processors. Default: 1. */
  cpus?: number;
  /** Processes and threads at a time. Default: 100. */
  pids?: number;
}

/** The limits of a container, those it says nothing of by their defaults. */
export function limitsOf({ limits }: { limits?: Limits }): Required<Limits> {
  return { memory: 256, cpus: 1, pids: 100, ...limits };
}
