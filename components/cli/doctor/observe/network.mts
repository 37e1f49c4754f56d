import { lookup, Resolver } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { certificateNames } from "../../../settings/names.ts";
import type { Door, SiteName } from "../facts.mts";
import { listed, type Settings } from "../settings.mts";

const SECONDS = 4000;

/** Names under which the site is to be reached; addresses need no DNS. */
export function namesOf({ values }: Settings): string[] {
  const { siteName, serverHost, allowedHosts } = values;
  const names = certificateNames({ siteName, serverHost, allowedHosts: listed(allowedHosts) });
  return names.filter((name) => isIP(name) === 0 && name !== "localhost");
}

/** What public DNS says of a name; not /etc/hosts, which is this machine's own. */
export async function resolved(name: string): Promise<SiteName> {
  const resolver = new Resolver({ timeout: SECONDS, tries: 1 });
  const [a, aaaa] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const addresses = { a: a.status === "fulfilled" ? a.value : [], aaaa: aaaa.status === "fulfilled" ? aaaa.value : [] };
  const none = addresses.a.length + addresses.aaaa.length === 0;
  return { name, ...addresses, error: none && a.status === "rejected" ? codeOf(a.reason) : undefined };
}

/** Addresses of the server's name on this machine. */
export async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  return lookup(host, { all: true }).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
}

/** How a port of a server answers. Nothing is sent. */
export function knock(host: string, port: number): Promise<Door> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: SECONDS });
    const end = (answer: Door["answer"]) => {
      socket.destroy();
      resolve({ port, answer });
    };
    socket.once("connect", () => end("open"));
    socket.once("timeout", () => end("silent"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code === "ECONNREFUSED" ? "closed" : "silent"));
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
