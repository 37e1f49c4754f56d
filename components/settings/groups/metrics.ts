import { z } from "zod";
import { isNetwork } from "../../model/host-name.ts";
import { entriesOf, list, optional, type RawSettings, toolPort } from "../kinds.ts";
import { setting } from "../setting.ts";
import { generatedSecret } from "./generated-secret.ts";

const SCRAPER = /^[\w.-]{1,64}$/;

/**
 * The settings of `Metrics`: `metricsPort`, and `metricsScraper` with its addresses and password. Without both, there are none.
 * `metricsArgs` returns the arguments, and `metricsProblems` checks the settings.
 */
export const metricsSettings = {
  metricsPort: setting(toolPort, {
    default: 0,
    description:
      "Port on the server's loopback address with metrics for Prometheus, at /metrics (docs/metrics.md). Needs root or sudo without a password on the server. 0: none.",
  }),
  metricsScraper: setting(
    optional.pipe(z.string().regex(SCRAPER, "must be a name such as prometheus, without spaces and colons").optional()),
    {
      default: "",
      description:
        "Name of a Prometheus elsewhere, which reads the metrics at /metrics of the site with basic authentication. Empty: none.",
      rollback: false,
    },
  ),
  metricsScraperAddresses: setting(
    list(z.string().refine(isNetwork, "must be addresses or networks such as 192.0.2.7 or 10.0.0.0/8")),
    {
      default: [],
      description: "Addresses and networks that metricsScraper may come from. Empty: those that may access the site.",
      rollback: false,
    },
  ),
  metricsScraperPassword: generatedSecret(20, "Password of metricsScraper"),
};

/** Errors in the settings together: addresses and a password are for a scraper. */
export function metricsProblems(raw: RawSettings): string[] {
  if (raw["metricsScraper"]) return [];
  return [
    ...(entriesOf(raw["metricsScraperAddresses"]).length > 0 ? ["metricsScraperAddresses"] : []),
    ...(raw["metricsScraperPassword"] ? ["metricsScraperPassword"] : []),
  ].map((name) => `${name} is set, but metricsScraper is missing (pulumi config set metricsScraper prometheus)`);
}
