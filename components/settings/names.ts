import { type ClusterServers, serversWith } from "../model/cluster-servers.ts";
import { toAscii } from "../model/host-name.ts";

interface Names {
  siteName?: string | undefined;
  serverHost?: string | undefined;
  servers?: ClusterServers | undefined;
  allowedHosts: string[];
}

/** All host names and addresses the site answers to, its public name first. */
export function siteNames(names: Names): [string, ...string[]] {
  const own = hostsOf(names);
  return distinct([...(names.siteName ? [names.siteName] : []), ...own, ...names.allowedHosts]);
}

/** The servers' own names: of several, those with the site's ports. */
function hostsOf({ serverHost, servers }: Names): string[] {
  if (servers) return serversWith(servers, "edge").flatMap((name) => servers[name]?.host ?? []);
  return serverHost ? [serverHost] : ["localhost", "127.0.0.1"];
}

/** The host names of the certificate. With a siteName, the server's own name is left out: certificates are public. */
export function certificateNames(names: Names): [string, ...string[]] {
  return names.siteName ? distinct([names.siteName, ...names.allowedHosts]) : siteNames(names);
}

function distinct(names: string[]): [string, ...string[]] {
  return [...new Set(names.map(toAscii))] as [string, ...string[]];
}
