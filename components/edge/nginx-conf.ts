import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Eta } from "eta";
import { type ByPath, below, mostSpecificFirst } from "./by-path";
import type { Location } from "./locations";

/** What nginx.conf is made from. A site's own template can use it as `it.<name>`. */
export interface NginxConfVariables {
  /** `host:port` of each container, by the name of its service. */
  upstreams: Record<string, string[]>;
  /** What answers where. Default: the template's own locations only. */
  locations?: ByPath<Location>;
  /** Host names by the one that leads there. Default: none. */
  redirects?: Record<string, string>;
  /** Networks that may open a path. Default: all. */
  allow?: ByPath<readonly string[]>;
  /** File with the passwords for a path. Default: none is asked for. */
  passwords?: ByPath<string>;
  /** Port people use without `tls`. Default: 80. */
  httpPort?: number;
  tls?: Tls;
  /** Default: 60. */
  drainSeconds?: number;
  /** Seconds a WebSocket may be idle. Default: 3600. */
  socketIdle?: number;
  /** Values of the program's own. */
  [setting: string]: unknown;
}

interface Tls {
  /** Port people use. */
  port: number;
  /** Paths of the PEM files. */
  chain: string;
  key: string;
  /** Whether they change while nginx runs. */
  renewed: boolean;
  /** Folder with the answers to an authority. Default: none asks. */
  challenges?: string | undefined;
}

const PARTS = join(__dirname, "nginx");
const eta = new Eta({ autoEscape: false, autoTrim: [false, "nl"] });
// For `<%~ include("@http", it) %>` and the like. Needs nginx 1.29.3 or later.
for (const file of readdirSync(PARTS)) {
  eta.loadTemplate(`@${file.replace(/\.conf$/, "")}`, readFileSync(join(PARTS, file), "utf8"));
}

/**
 * Renders a template of nginx.conf; without one, that of a site whose locations are all in `locations`, and that sends everything else
 * to its first upstream. Equal input gives equal text: lists are sorted.
 *
 * A template can include the common parts of components/edge/nginx: `@main` at the top, `@http` in the http block, `@server` in
 * the server block; in a location, `@proxy` sends requests to the upstream `service` (default: the first), and `@subrequest` makes it
 * one that only auth_request asks.
 */
export function renderNginxConf(template: string | undefined, variables: NginxConfVariables): string {
  const { upstreams, locations = {}, redirects = {}, allow = {}, passwords = {}, tls } = variables;
  const [port, usual] = tls ? [tls.port, 443] : [variables.httpPort ?? 80, 80];
  const it = {
    drainSeconds: 60,
    socketIdle: 3600,
    ...variables,
    upstreams: Object.fromEntries(sorted(upstreams).map(([service, hosts]) => [service, [...hosts].sort()])),
    // The first as the program names them.
    first: Object.keys(upstreams)[0],
    locations: sorted(locations),
    redirects: sorted(redirects),
    allow: mostSpecificFirst(allow).map(([path, networks]) => ({ below: below(path), networks })),
    passwords: mostSpecificFirst(passwords).map(([path, file]) => ({ below: below(path), file })),
    portSuffix: port === usual ? "" : `:${port}`,
  };
  return template === undefined ? eta.render("@site", it) : eta.renderString(template, it);
}

/** Reads a template, if there is one, and renders it; the error names the file. */
export function nginxConfFrom(file: string | undefined, variables: NginxConfVariables): string {
  try {
    return renderNginxConf(file === undefined ? undefined : readFileSync(file, "utf8"), variables);
  } catch (error) {
    // What follows the first lines is the whole template as a program.
    const reason = String(error instanceof Error ? error.message : error);
    throw new Error(`${file ?? "nginx.conf"} cannot be rendered: ${reason.split("\n", 3).join(" ")}`);
  }
}

function sorted<Value>(record: Record<string, Value>): [string, Value][] {
  return Object.entries(record).sort(([one], [other]) => one.localeCompare(other));
}
