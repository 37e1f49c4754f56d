import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Eta } from "eta";
import { type ByPath, below, mostSpecificFirst } from "./by-path";
import type { Location } from "./locations";

/** Variables for nginx.conf. A site's template can use them as `it.<name>`. */
export interface NginxConfVariables {
  /** `host:port` of each container, by service. */
  upstreams: Record<string, string[]>;
  /** Locations by path. Default: none beside those in the template. */
  locations?: ByPath<Location>;
  /** Target host name by source host name. Default: none. */
  redirects?: Record<string, string>;
  /** Networks that may access a path. Default: all. */
  allow?: ByPath<readonly string[]>;
  /** Password file of a path. Default: no basic authentication. */
  passwords?: ByPath<string>;
  /** Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count. Default: none. */
  trustedProxies?: readonly string[];
  /** Release of each service, for the access log. Default: none. */
  releases?: Record<string, string>;
  /** Format of the access log: an object a line, or nginx's format `combined`. Default: `json`. */
  logFormat?: LogFormat;
  /** Public HTTP port, without `tls`. Default: 80. */
  httpPort?: number;
  /** The server's front door: its address, and the site's names. Default: none, nginx has ports of its own. */
  frontDoor?: { address: string; names: readonly string[] };
  tls?: Tls;
  /** Path of the site's health check, which maintenance does not stop. Default: `/`, which it does. */
  healthPath?: string;
  /** Number of worker processes. Default: 2. */
  workers?: number;
  /** Time to complete requests at shutdown, in seconds. Default: 60. */
  drainSeconds?: number;
  /** Idle timeout of a WebSocket, in seconds. Default: 3600. */
  socketIdle?: number;
  /** Further values of the program. */
  [setting: string]: unknown;
}

/** Format of the access log. */
export type LogFormat = "json" | "text";

interface Tls {
  /** Public HTTPS port. */
  port: number;
  /** Paths of the PEM files. */
  chain: string;
  key: string;
  /** Whether the files change while nginx runs. */
  renewed: boolean;
  /** Folder with the responses to ACME challenges. Default: none. */
  challenges?: string | undefined;
}

const PARTS = join(__dirname, "nginx");
const eta = new Eta({ autoEscape: false, autoTrim: [false, "nl"] });
// For `<%~ include("@http", it) %>` and the like. Needs nginx 1.29.3 or later.
for (const file of readdirSync(PARTS)) {
  eta.loadTemplate(`@${file.replace(/\.conf$/, "")}`, readFileSync(join(PARTS, file), "utf8"));
}

/**
 * Renders nginx.conf from a template. The default template serves `locations` and proxies all other paths to the first upstream.
 * Deterministic: lists are sorted.
 *
 * A template can include the common parts in components/edge/nginx: `@main` at the top, `@http` in the http block, `@server` in
 * the server block; in a location, `@proxy` proxies to the upstream `service` (default: the first), and `@subrequest` restricts it to
 * subrequests of auth_request.
 */
export function renderNginxConf(template: string | undefined, variables: NginxConfVariables): string {
  const { upstreams, locations = {}, redirects = {}, allow = {}, passwords = {}, releases = {}, tls } = variables;
  const [port, defaultPort] = tls ? [tls.port, 443] : [variables.httpPort ?? 80, 80];
  const it = {
    workers: 2,
    drainSeconds: 60,
    socketIdle: 3600,
    trustedProxies: [],
    logFormat: "json",
    ...variables,
    upstreams: Object.fromEntries(sorted(upstreams).map(([service, hosts]) => [service, [...hosts].sort()])),
    // The first in the order of the program.
    first: Object.keys(upstreams)[0],
    releases: sorted(releases),
    // The variable with the id of a request.
    requestId: variables.trustedProxies?.length ? "$forwarded_request_id" : "$request_id",
    locations: sorted(locations),
    redirects: sorted(redirects),
    allow: mostSpecificFirst(allow).map(([path, networks]) => ({ below: below(path), networks })),
    passwords: mostSpecificFirst(passwords).map(([path, file]) => ({ below: below(path), file })),
    // Parameter of `listen`.
    protocol: variables.frontDoor ? " proxy_protocol" : "",
    healthCheck: healthCheck(variables.healthPath ?? "/"),
    portSuffix: port === defaultPort ? "" : `:${port}`,
  };
  return template === undefined ? eta.render("@site", it) : eta.renderString(template, it);
}

/** The path as a regular expression; empty for the start page, and for a path that needs more than letters. */
function healthCheck(path: string): string {
  return /^\/[\w./~-]+$/.test(path) ? path.replaceAll(".", "\\.") : "";
}

/** Renders nginx.conf from a template file, or from the default template. The error names the file. */
export function nginxConfFrom(file: string | undefined, variables: NginxConfVariables): string {
  try {
    return renderNginxConf(file === undefined ? undefined : readFileSync(file, "utf8"), variables);
  } catch (error) {
    // After the first lines, Eta's message contains the whole compiled template.
    const reason = String(error instanceof Error ? error.message : error);
    throw new Error(`${file ?? "nginx.conf"} cannot be rendered: ${reason.split("\n", 3).join(" ")}`);
  }
}

function sorted<Value>(record: Record<string, Value>): [string, Value][] {
  return Object.entries(record).sort(([one], [other]) => one.localeCompare(other));
}
