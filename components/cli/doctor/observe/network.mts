import { lookup, Resolver } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { entriesOf } from "../../../settings/kinds.ts";
import { certificateNames } from "../../../settings/names.ts";
import type { PortProbe, SiteName } from "../facts.mts";
import type { Settings } from "../settings.mts";

const TIMEOUT_MS = 4000;

/** Host names of the site; addresses need no DNS. */
export function namesOf({ values }: Settings): string[] {
  const { siteName, serverHost, allowedHosts } = values;
  const names = certificateNames({ siteName, serverHost, allowedHosts: entriesOf(allowedHosts) });
  return names.filter((name) => isIP(name) === 0 && name !== "localhost");
}

/** Looks up a name in DNS, without /etc/hosts, which applies to this machine only. */
export async function resolved(name: string): Promise<SiteName> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  const [a, aaaa] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const addresses = { a: a.status === "fulfilled" ? a.value : [], aaaa: aaaa.status === "fulfilled" ? aaaa.value : [] };
  const none = addresses.a.length + addresses.aaaa.length === 0;
  return { name, ...addresses, error: none && a.status === "rejected" ? codeOf(a.reason) : undefined };
}

/** Addresses to which this machine resolves the server's name. */
export async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  return lookup(host, { all: true }).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
}

/** Opens a TCP connection to a port, and sends nothing. */
export function probePort(host: string, port: number): Promise<PortProbe> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const end = (state: PortProbe["state"]) => {
      socket.destroy();
      resolve({ port, state });
    };
    socket.once("connect", () => end("open"));
    socket.once("timeout", () => end("filtered"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code === "ECONNREFUSED" ? "closed" : "filtered"));
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
