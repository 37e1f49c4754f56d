import { optionalSecret } from "@antone/database";

const API = process.env["HEALTHCHECKS_API"] ?? "https://hc-ping.com";
const EVERY_MINUTES = 5;

/** Tells healthchecks.io that the worker is there, where a check's UUID is set. */
export function pingHealthchecks(): NodeJS.Timeout | undefined {
  const uuid = optionalSecret("healthchecks-uuid");
  if (uuid === undefined) return undefined;
  const ping = () =>
    fetch(`${API}/${uuid}`, { signal: AbortSignal.timeout(10_000) }).catch((error: unknown) =>
      // Without the address, as the UUID is a secret.
      console.error(`healthchecks.io was not reached: ${error instanceof Error ? error.message : "unknown"}`),
    );
  void ping();
  return setInterval(ping, EVERY_MINUTES * 60_000);
}
