import type { MetricsArgs } from "../../metrics/metrics.ts";
import { secret } from "./secret.ts";

/** The values of `metricsSettings`. */
export interface MetricsValues {
  metricsPort: number | undefined;
  metricsScraper: string | undefined;
  metricsScraperAddresses: string[];
  metricsScraperPassword: string | undefined;
}

/**
 * The arguments `loopbackPort` and `scraper` of `Metrics`, from the values of `metricsSettings`; undefined without a port and a scraper.
 *
 * @example
 * const measured = berth.metricsArgs(values);
 * const metrics = measured && new berth.Metrics("metrics", { ...measured, networks: [front, back], postgres });
 */
export function metricsArgs(values: MetricsValues): Pick<MetricsArgs, "loopbackPort" | "scraper"> | undefined {
  const { metricsPort: loopbackPort, metricsScraper: name, metricsScraperAddresses: addresses } = values;
  if (loopbackPort === undefined && name === undefined) return undefined;
  const scraper = name === undefined ? undefined : { name, addresses, password: secret(values.metricsScraperPassword) };
  return { loopbackPort, scraper };
}
