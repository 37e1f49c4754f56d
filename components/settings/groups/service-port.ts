import { type RawSettings, toolPort } from "../kinds.ts";
import { setting } from "../setting.ts";

/**
 * A setting for the port of a service itself, e.g. `apiPort`: on in development and off in production, where nginx is the only way in.
 * `loopbackPorts` returns the argument of its container, and `servicePortProblems` checks it.
 *
 * @example apiPort: servicePort("the API")
 */
export function servicePort(service: string) {
  return setting(toolPort, {
    default: 0,
    description: `Port of ${service} itself on the server's loopback address, beside the site. With it, a release has downtime, as only one container can have the port. 0: none.`,
  });
}

/** Errors of such settings: only one container can have a port, so the service cannot have replicas. */
export function servicePortProblems(raw: RawSettings, names: readonly string[]): string[] {
  return names
    .filter((name) => raw[name] !== "0" && raw["replicas"] !== "1")
    .map((name) => `${name} is for one replica, as only one container can have a port (pulumi config set ${name} 0)`);
}
