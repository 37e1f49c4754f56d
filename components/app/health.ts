/** The health check of a container. */
export interface HealthCheck {
  /** Command that exits with code 0 inside a healthy container, as a list of words. */
  command: string[];
  /** Time between two checks, in seconds. Default: 10. */
  interval?: number;
  /** Timeout of one check, in seconds. Default: 5. */
  timeout?: number;
  /** Number of consecutive failures after which the container is unhealthy. Default: 5. */
  retries?: number;
  /** Time after the start in which failures do not count, in seconds. Default: 1, as the engine treats 0 as unset. */
  startPeriod?: number;
}

/** Converts a health check to the form of the Docker provider, with durations in the format in which the provider reads them back. */
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

/** Disables an image's health check. No number is 0, as the engine would use the image's number instead. */
export const NO_HEALTHCHECK = { ...dockerHealthcheck({ command: [] }), tests: ["NONE"] };

/** Seconds in Go's notation: 75 is `1m15s`, 120 is `2m0s`. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds}s`;
  const hours = Math.floor(minutes / 60);
  return `${hours > 0 ? `${hours}h` : ""}${minutes % 60}m${seconds % 60}s`;
}
