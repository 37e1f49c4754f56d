import { existsSync } from "node:fs";
import type { ContainerSpec } from "../app/container-spec";
import type { WebService } from "../app/web-service";
import { allowProblems, basicAuthProblems, type Users } from "./access";
import type { ByPath } from "./by-path";
import type { Certificate } from "./certificate";
import { errorPagesProblems } from "./error-pages";
import { type Location, locationProblems } from "./locations";
import { redirectsProblems } from "./redirects";

export interface EdgeArgs extends Pick<ContainerSpec, "networks" | "image" | "volumes" | "limits" | "transform"> {
  /** Services requests are sent to, by name. The first answers where nothing else is said. */
  upstreams: Record<string, WebService>;
  /**
   * What answers at a path and below it, where that is not the first upstream. Default: nothing.
   * @example { "/api/": { upstream: "api" }, "/media/": { files: "/srv/media" }, "/old/": { redirect: "/new/" } }
   */
  locations?: ByPath<Location>;
  /**
   * Host names and the one each leads to, with path and query (308). Default: none.
   * @example { "www.example.org": "example.org" }
   */
  redirects?: Record<string, string>;
  /**
   * Users and passwords by the path they open; `/` is the whole site. The services do not see the password. Default: none is asked for.
   * @example { "/admin/": { ada: config.requireSecret("adaPassword") } }
   */
  basicAuth?: ByPath<Users>;
  /**
   * Addresses and networks that may open a path; all others get 403. Behind another proxy, such as `Tunnel`, its address counts.
   * Default: everybody.
   * @example { "/admin/": ["192.0.2.7", "10.0.0.0/8"] }
   */
  allow?: ByPath<readonly string[]>;
  /** Name of the site on its error pages. Default: none. */
  title?: string;
  /** Folder with error pages in place of the package's, e.g. `not-found.html`; those missing there stay. Default: none. */
  errorPages?: string;
  /** Seconds a WebSocket may be idle before it is closed. Default: 3600. */
  socketIdle?: number;
  /**
   * Template of nginx.conf (Eta), e.g. `./nginx/nginx.conf`, where `locations` does not say enough. It includes the common parts
   * (see `renderNginxConf`), and gets `upstreams`, `tls`, `drainSeconds` and `settings` as `it.<name>`. Default: the package's.
   */
  template?: string;
  /** Values for the common parts, and a site's own for its template, as `it.<name>`. Default: none. */
  settings?: EdgeSettings;
  /** Certificate for HTTPS. Default: none, plain HTTP only. */
  certificate?: Certificate | undefined;
  /** Port on the server for HTTP. Default: 80. */
  httpPort?: number;
  /** Port on the server for HTTPS. Default: 443. */
  httpsPort?: number;
  /** Public host name of the site. Default: the server's address. */
  siteName?: string;
  /** Address of the server to listen on. Default: `0.0.0.0`, all. */
  address?: string;
  /** Path that `berth status` requests; a working site answers with 2xx or 3xx. Default: `/`. */
  healthPath?: string;
  /** Seconds an old nginx may take to end the requests it has; then it closes what is open, such as WebSockets. Default: 60. */
  drain?: number;
  /** Numeric `uid:gid` of nginx in its image. Default: `101:101`, that of the official images. */
  user?: string;
}

export interface EdgeSettings {
  /** Header `Content-Security-Policy` of every answer. Default: the one a service sends. */
  contentSecurityPolicy?: string;
  /** Size of a request's body in MB. Default: 20. */
  maxBodySizeMb?: number;
  /** Rate of the zone `sign_in`, for `limit_req` in a location, by address. Default: there is no such zone. */
  signInsPerMinute?: number;
  [own: string]: string | number | boolean | undefined;
}

/** Problems in an edge's arguments, one sentence each with the fix. */
export function edgeProblems(args: Omit<EdgeArgs, "networks" | "image">): string[] {
  const { locations = {}, redirects = {}, basicAuth = {}, allow = {}, template, errorPages, socketIdle = 1 } = args;
  const upstreams = Object.keys(args.upstreams);
  return [
    ...(template === undefined || existsSync(template) ? [] : [`template: there is no file ${template}.`]),
    ...(template === undefined && upstreams.length === 0 && !("/" in locations)
      ? ['upstreams: nothing answers. Name an upstream, or say in locations what answers at "/".']
      : []),
    ...locationProblems(locations, upstreams),
    ...redirectsProblems(redirects, args.certificate?.names),
    ...basicAuthProblems(basicAuth),
    ...allowProblems(allow),
    ...(errorPages === undefined ? [] : errorPagesProblems(errorPages)),
    ...(socketIdle >= 1 ? [] : ["socketIdle: a WebSocket must be allowed to be idle for at least 1 second."]),
  ];
}
