import { toAscii } from "../model/host-name.ts";

interface Names {
  siteName?: string | undefined;
  serverHost?: string | undefined;
  allowedHosts: string[];
}

/** All host names and addresses the site answers to, its public name first. */
export function siteNames(names: Names): [string, ...string[]] {
  const own = names.serverHost ? [names.serverHost] : ["localhost", "127.0.0.1"];
  return distinct([...(names.siteName ? [names.siteName] : []), ...own, ...names.allowedHosts]);
}

/** The host names of the certificate. With a siteName, the server's own name is left out: certificates are public. */
export function certificateNames(names: Names): [string, ...string[]] {
  return names.siteName ? distinct([names.siteName, ...names.allowedHosts]) : siteNames(names);
}

function distinct(names: string[]): [string, ...string[]] {
  return [...new Set(names.map(toAscii))] as [string, ...string[]];
}
