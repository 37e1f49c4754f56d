/** When a container counts as healthy. */
export interface HealthCheck {
  /** Command that exits with code 0 inside a healthy container, as a list of words. */
  command: string[];
  /** Time between two checks, in seconds. Default: 10. */
  interval?: number;
  /** Timeout of one check, in seconds. Default: 5. */
  timeout?: number;
  /** Failed checks in a row until it counts as unhealthy. Default: 5. */
  retries?: number;
  /** Time in which failures do not count yet, in seconds. Default: 1, the least the engine does not take for "unset". */
  startPeriod?: number;
}

/** The health check in the form the Docker provider takes. Times are written as the engine gives them back. */
export function dockerHealthcheck(health: HealthCheck) {
  const { command, interval = 10, timeout = 5, retries = 5, startPeriod = 1 } = health;
  return {
    tests: ["CMD", ...command],
    interval: duration(interval),
    timeout: duration(timeout),
    startPeriod: duration(startPeriod),
    retries,
  };
}

/** Turns an image's own health check off. No number is 0, for the engine would take the image's instead. */
export const NO_HEALTHCHECK = { ...dockerHealthcheck({ command: [] }), tests: ["NONE"] };

/** Seconds in Go's notation: 75 is `1m15s`, 120 is `2m0s`. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds}s`;
  const hours = Math.floor(minutes / 60);
  return `${hours > 0 ? `${hours}h` : ""}${minutes % 60}m${seconds % 60}s`;
}
