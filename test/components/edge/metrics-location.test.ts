import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { EdgeArgs } from "../../../components";
import { edgeProblems } from "../../../components/edge/edge-args";
import { withMetrics } from "../../../components/edge/metrics-location";

const password = pulumi.output("secret");
const site = { upstreams: { app: {} }, basicAuth: { "/": { ada: "word" } } } as unknown as EdgeArgs;

function measured(addresses: string[] = []): EdgeArgs {
  const scraper = { name: "prometheus", password, addresses, service: {} };
  return { ...site, metrics: { scraper } } as unknown as EdgeArgs;
}

test("without a scraper, the site has no path for metrics", () => {
  expect(withMetrics(site)).toBe(site);
  const local = { ...site, metrics: { scraper: undefined } } as unknown as EdgeArgs;
  expect(withMetrics(local)).toBe(local);
});

test("a scraper gets a path with its password, and the services keep theirs", () => {
  const { upstreams, locations, basicAuth, allow } = withMetrics(measured());
  expect(Object.keys(upstreams), "the first upstream gets all other requests").toEqual(["app", "berth-metrics"]);
  expect(locations).toEqual({ "/metrics": { upstream: "berth-metrics" } });
  expect(basicAuth).toEqual({ "/": { ada: "word" }, "/metrics": { prometheus: password } });
  expect(allow).toBeUndefined();
});

test("a scraper's addresses are the only ones", () => {
  expect(withMetrics(measured(["192.0.2.7"])).allow).toEqual({ "/metrics": ["192.0.2.7"] });
});

test("a location of the program at the same path is refused", () => {
  expect(edgeProblems({ ...measured(), locations: { "/metrics": { upstream: "app" } } })).toEqual([
    'locations: "/metrics" is the path of the metrics. Use another path, or remove metricsScraper.',
  ]);
  expect(edgeProblems({ ...site, locations: { "/metrics": { upstream: "app" } } })).toEqual([]);
});
