import { METRICS_PATH } from "../metrics/nginx-conf";
import type { EdgeArgs } from "./edge-args";

const UPSTREAM = "berth-metrics";

/** Adds the location of the metrics to the arguments, for their scraper only. */
export function withMetrics(args: EdgeArgs): EdgeArgs {
  const scraper = args.metrics?.scraper;
  if (!scraper) return args;
  const { name, password, addresses, service } = scraper;
  return {
    ...args,
    upstreams: { ...args.upstreams, [UPSTREAM]: service },
    locations: { ...args.locations, [METRICS_PATH]: { upstream: UPSTREAM } },
    basicAuth: { ...args.basicAuth, [METRICS_PATH]: { [name]: password } },
    ...(addresses.length > 0 && { allow: { ...args.allow, [METRICS_PATH]: addresses } }),
  };
}
