import type { Limits } from "../app/limits";

/** Processes besides the workers: the master and its helpers, health checks, and a shell for `berth exec`. */
const OTHERS = 8;

/**
 * Number of nginx's worker processes. nginx's `auto` takes the machine's processors, and the kernel refuses workers beyond the limit of
 * processes, but not their share of the connections. Two let nginx answer while one reads from the disk.
 */
export function workersWithin({ cpus, pids }: Required<Pick<Limits, "cpus" | "pids">>): number {
  return Math.max(1, Math.min(Math.max(2, Math.ceil(cpus)), pids - OTHERS));
}
