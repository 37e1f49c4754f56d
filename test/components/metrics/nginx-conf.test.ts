import { describe, expect, test } from "vitest";
import { metricsNginxConf, parts } from "../../../components/metrics/nginx-conf";

const SOURCES = [
  { name: "server", address: "/srv/server/node-exporter.sock" },
  { name: "postgres", address: "metrics-postgres:9187" },
];

describe("the endpoint", () => {
  test("joins the sources in their order", () => {
    expect(parts(SOURCES)).toBe('<!--# include virtual="/parts/server" --><!--# include virtual="/parts/postgres" -->');
  });

  test("asks exporters by name at the time of the request, so that nginx starts without them", () => {
    const text = metricsNginxConf(SOURCES);
    expect(text).toContain("proxy_pass http://unix:/srv/server/node-exporter.sock:/metrics;");
    expect(text).toMatch(/set \$source metrics-postgres:9187;\s+proxy_pass http:\/\/\$source\/metrics;/);
    expect(text).toContain("resolver 127.0.0.11");
    expect(text.match(/internal;/g)).toHaveLength(2);
  });

  test("asks for one format, and leaves out a source that does not answer", () => {
    const text = metricsNginxConf(SOURCES);
    expect(text).toContain('proxy_set_header Accept "text/plain;version=0.0.4";');
    expect(text).toContain('proxy_set_header Accept-Encoding "";');
    expect(text.match(/error_page 404 500 502 503 504 = @missing;/g)).toHaveLength(2);
  });
});
