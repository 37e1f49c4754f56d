import type { Metrics } from "../metrics/metrics";
import type { EdgeArgs } from "./edge-args";

/** The path of the metrics on the site. */
const PATH = "/metrics";
const UPSTREAM = "berth-metrics";

type MetricsArg = Pick<EdgeArgs, "locations"> & { metrics?: Pick<Metrics, "scraper"> | undefined };

/** Adds the location of the metrics to the arguments, for their scraper only. */
export function withMetrics(args: EdgeArgs): EdgeArgs {
  const scraper = args.metrics?.scraper;
  if (!scraper) return args;
  const { name, password, addresses, service } = scraper;
  return {
    ...args,
    upstreams: { ...args.upstreams, [UPSTREAM]: service },
    locations: { ...args.locations, [PATH]: { upstream: UPSTREAM } },
    basicAuth: { ...args.basicAuth, [PATH]: { [name]: password } },
    ...(addresses.length > 0 && { allow: { ...args.allow, [PATH]: addresses } }),
  };
}

/** Errors in the locations beside the metrics, a sentence each. */
export function metricsLocationProblems({ metrics, locations = {} }: MetricsArg): string[] {
  return metrics?.scraper && PATH in locations
    ? [`locations: "${PATH}" is the path of the metrics. Use another path, or remove metricsScraper.`]
    : [];
}
