import { existsSync } from "node:fs";
import type { ContainerSpec } from "../app/container-spec";
import type { WebService } from "../app/web-service";
import { doorNames, doorProblems } from "../door/names";
import type { Metrics } from "../metrics/metrics";
import { METRICS_PATH } from "../metrics/nginx-conf";
import { isNetwork } from "../model/host-name";
import { stackName } from "../naming";
import { allowProblems, basicAuthProblems, type Users } from "./access";
import type { ByPath } from "./by-path";
import type { Certificate } from "./certificate";
import { errorPagesProblems } from "./error-pages";
import { type Location, locationProblems } from "./locations";
import type { LogFormat } from "./nginx-conf";
import { redirectsProblems } from "./redirects";

export interface EdgeArgs extends Pick<ContainerSpec, "networks" | "image" | "volumes" | "limits" | "transform"> {
  /** Services to proxy to, by name. The first one gets all requests without a location of their own. */
  upstreams: Record<string, WebService>;
  /**
   * Handlers by path prefix, for requests that do not go to the first upstream. Default: none.
   * @example { "/api/": { upstream: "api" }, "/media/": { files: "/srv/media" }, "/old/": { redirect: "/new/" } }
   */
  locations?: ByPath<Location>;
  /**
   * Target host name by source host name. nginx redirects with path and query (308). Default: none.
   * @example { "www.example.org": "example.org" }
   */
  redirects?: Record<string, string>;
  /**
   * Users and their passwords by path prefix; `/` is the whole site. nginx does not pass the password to the services. Default: no
   * basic authentication.
   * @example { "/admin/": { ada: config.requireSecret("adaPassword") } }
   */
  basicAuth?: ByPath<Users>;
  /**
   * Client addresses and networks that may access a path prefix; all others get 403. Behind another proxy, nginx sees the proxy's
   * address, unless `trustedProxies` names it. Default: all.
   * @example { "/admin/": ["192.0.2.7", "10.0.0.0/8"] }
   */
  allow?: ByPath<readonly string[]>;
  /**
   * Addresses and networks of the proxies before this one, e.g. a load balancer that ends TLS. nginx takes the client's address and the
   * scheme from the headers X-Forwarded-For and X-Forwarded-Proto of their requests only, and passes them on. Default: none.
   * @example ["10.0.0.5", "192.0.2.0/24"]
   */
  trustedProxies?: readonly string[] | undefined;
  /**
   * Format of the access log: `json` is an object a line, with the id of the request (X-Request-Id), the release and the service's time;
   * `text` is nginx's format `combined`. Default: `json`.
   */
  logFormat?: LogFormat;
  /** Metrics whose scraper reads them at `/metrics` of the site. Default: none; the path is that of the services. */
  metrics?: Metrics | undefined;
  /** Name of the site on its error pages. Default: none. */
  title?: string;
  /** Folder with files that override the package's error pages, e.g. `not-found.html`. Default: none. */
  errorPages?: string;
  /** Idle timeout of a WebSocket, in seconds. Default: 3600. */
  socketIdle?: number;
  /**
   * Template of nginx.conf (Eta), e.g. `./nginx/nginx.conf`, for a site that needs more than `locations`. It includes the common parts
   * (see `renderNginxConf`) and can use `upstreams`, `tls`, `drainSeconds` and `settings` as `it.<name>`. Default: the package's.
   */
  template?: string;
  /** Values for the common parts and for the site's template, as `it.<name>`. Default: none. */
  settings?: EdgeSettings;
  /** Certificate for HTTPS. Default: none (plain HTTP). */
  certificate?: Certificate | undefined;
  /** Port on the server for HTTP. Default: 80. */
  httpPort?: number;
  /** Port on the server for HTTPS. Default: 443. */
  httpsPort?: number;
  /** Public host name of the site. Default: the server's address. */
  siteName?: string;
  /**
   * Shares ports 80 and 443 with other stacks on the server: its front door passes the connections for these names. nginx then publishes
   * no ports. `*.example.org` is all names one level below. Default: nginx has ports of its own.
   */
  frontDoor?: FrontDoor | undefined;
  /** Addresses of the server to listen on. Default: `0.0.0.0` (all of IPv4). */
  address?: string | readonly string[];
  /** Path that `berth status` requests. A healthy site responds with 2xx or 3xx. Default: `/`. */
  healthPath?: string;
  /** Time for a replaced nginx to complete its requests, in seconds. Then it closes open connections, such as WebSockets. Default: 60. */
  drain?: number;
  /** Numeric `uid:gid` of nginx in its image. Default: `101:101`, as in the official images. */
  user?: string;
}

export interface FrontDoor {
  /** Host names of the site. The sources of `redirects` are added. */
  names: readonly string[];
}

export interface EdgeSettings {
  /** Header `Content-Security-Policy` of every response. Default: the header that the service sends. */
  contentSecurityPolicy?: string;
  /** Maximum size of a request body in MB. Default: 20. */
  maxBodySizeMb?: number;
  /** Rate of the zone `sign_in` for `limit_req`: POST requests per minute and client address. Default: no such zone. */
  signInsPerMinute?: number;
  [own: string]: string | number | boolean | undefined;
}

/** Errors in an edge's arguments, one sentence each with the fix. */
export function edgeProblems(args: Omit<EdgeArgs, "networks" | "image">): string[] {
  const { locations = {}, redirects = {}, basicAuth = {}, allow = {}, template, errorPages, socketIdle = 1 } = args;
  const { contentSecurityPolicy: policy = "" } = args.settings ?? {};
  const upstreams = Object.keys(args.upstreams);
  return [
    ...upstreams
      .filter((name) => !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name))
      .map((name) => `upstreams: the name "${name}" can contain only letters, digits and . _ -.`),
    ...(/^\/[\x21-\x7e]*$/.test(args.healthPath ?? "/")
      ? []
      : [
          `healthPath: "${args.healthPath}" must be a path such as "/health/", without spaces and with %-encoded letters.`,
        ]),
    ...(/^[\x20-\x7e]*$/.test(policy) && !/["\\$]/.test(policy)
      ? []
      : ['settings: contentSecurityPolicy must be one line of ASCII characters without ", $ and \\.']),
    ...(template === undefined || existsSync(template) ? [] : [`template: there is no file ${template}.`]),
    ...(template === undefined && upstreams.length === 0 && !("/" in locations)
      ? ['upstreams: no service gets the requests. Add an upstream, or a location for "/".']
      : []),
    ...locationProblems(locations, upstreams),
    ...(args.metrics?.scraper && METRICS_PATH in locations
      ? [`locations: "${METRICS_PATH}" is the path of the metrics. Use another path, or remove metricsScraper.`]
      : []),
    ...redirectsProblems(redirects, args.certificate?.names),
    ...basicAuthProblems(basicAuth),
    ...allowProblems(allow),
    ...(args.trustedProxies ?? [])
      .filter((network) => !isNetwork(network))
      .map((network) => `trustedProxies: "${network}" is not an address or network such as 10.0.0.5 or 192.0.2.0/24.`),
    ...(args.frontDoor === undefined ? [] : frontDoorProblems(args.frontDoor, args)),
    ...(errorPages === undefined ? [] : errorPagesProblems(errorPages)),
    ...(socketIdle >= 1 ? [] : ["socketIdle: the idle timeout of a WebSocket must be at least 1 second."]),
  ];
}

/** The front door has its own ports and addresses, and nginx believes only its word about the visitor's address. */
function frontDoorProblems(
  { names }: FrontDoor,
  { redirects, trustedProxies = [], ...args }: Partial<EdgeArgs>,
): string[] {
  const { address, httpPort = 80, httpsPort = 443 } = args;
  return [
    ...doorProblems(doorNames(names, redirects), stackName()),
    ...(address === undefined && httpPort === 80 && httpsPort === 443
      ? []
      : ["frontDoor: it listens on ports 80 and 443 of all addresses. Remove address, httpPort and httpsPort."]),
    ...(trustedProxies.length === 0
      ? []
      : ["trustedProxies: nginx takes the visitor's address from the front door. Remove one of the two."]),
  ];
}
