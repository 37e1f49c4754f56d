import { Agent, type RequestInit, type Response, fetch as undiciFetch } from "undici";

/** Asks a site, as the global `fetch` does. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Asks over the network of this machine, and trusts whom Node.js trusts. */
export const plainFetch: Fetch = (url, init) => undiciFetch(url, init);

export interface SiteOptions {
  /** Address at which every name is looked for, in place of DNS. */
  address: string;
  /** Certificates (PEM) to trust. */
  authorities: string[];
  /** Speak HTTP/2 where the site does. Default: false. */
  http2?: boolean;
}

/** Asks a site whose names are in no DNS and whose certificate is of a test's authority. */
export function fetchAt(site: SiteOptions): Fetch {
  const dispatcher = connections(site);
  return (url, init) => undiciFetch(url, { dispatcher, ...init });
}

/** Connections to that site; without `keep`, one for each request. */
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
