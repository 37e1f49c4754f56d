interface Names {
  siteName?: string | undefined;
  serverHost?: string | undefined;
  allowedHosts: string[];
}

/** All names the site answers to, the one it is known by first. */
export function siteNames(names: Names): [string, ...string[]] {
  const own = names.serverHost ? [names.serverHost] : ["localhost", "127.0.0.1"];
  return distinct([...(names.siteName ? [names.siteName] : []), ...own, ...names.allowedHosts]);
}

/** The names a certificate is asked for: where the site has a name, the server's own is nobody's business. */
export function certificateNames(names: Names): [string, ...string[]] {
  return names.siteName ? distinct([names.siteName, ...names.allowedHosts]) : siteNames(names);
}

function distinct(names: string[]): [string, ...string[]] {
  return [...new Set(names)] as [string, ...string[]];
}
