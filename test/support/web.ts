import { Agent, type RequestInit, type Response, fetch as undiciFetch } from "undici";

/** Sends a request to a site, like the global `fetch`. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Sends requests over this machine's network, with Node.js's default CAs. */
export const plainFetch: Fetch = (url, init) => undiciFetch(url, init);

export interface SiteOptions {
  /** Address for every name, in place of DNS. */
  address: string;
  /** Certificates (PEM) to trust. */
  authorities: string[];
  /** Use HTTP/2 where the site supports it. Default: false. */
  http2?: boolean;
}

/** Sends requests to a site whose names are in no DNS and whose certificate is from a test's authority. */
export function fetchAt(site: SiteOptions): Fetch {
  const dispatcher = connections(site);
  return (url, init) => undiciFetch(url, { dispatcher, ...init });
}

/** Connections to that site; without `keep`, one per request. */
export function connections({ address, authorities, http2 = false }: SiteOptions, { keep = true } = {}): Agent {
  return new Agent({
    allowH2: http2,
    ...(!keep && { pipelining: 0 }),
    connect: {
      ca: authorities,
      lookup: (_name, { all }, done) => (all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)),
    },
  });
}
