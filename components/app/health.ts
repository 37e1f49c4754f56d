/** When a container counts as healthy. */
export interface HealthCheck {
  /** The words of a command that succeeds inside the container when it is well. */
  command: string[];
  /** Time between two checks, in seconds. Default: 10. */
  interval?: number;
  /** Time one check may take, in seconds. Default: 5. */
  timeout?: number;
  /** Failed checks in a row until it counts as unhealthy. Default: 5. */
  retries?: number;
  /** Time in which failures do not count yet, in seconds. Default: 0. */
  startPeriod?: number;
}

/** The health check in the form the Docker provider takes. Times are written as the engine gives them back. */
export function dockerHealthcheck(health: HealthCheck) {
  const { command, interval = 10, timeout = 5, retries = 5, startPeriod = 0 } = health;
  return {
    tests: ["CMD", ...command],
    interval: duration(interval),
    timeout: duration(timeout),
    startPeriod: duration(startPeriod),
    retries,
  };
}

/** Turns an image's own health check off. */
export const NO_HEALTHCHECK = { tests: ["NONE"], interval: "0s", timeout: "0s", startPeriod: "0s", retries: 0 };

/** Seconds in Go's notation: 75 is `1m15s`, 120 is `2m0s`. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds}s`;
  const hours = Math.floor(minutes / 60);
  return `${hours > 0 ? `${hours}h` : ""}${minutes % 60}m${seconds % 60}s`;
}
