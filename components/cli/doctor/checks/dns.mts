import { isAtLeast } from "../../engine/find.mts";
import { type Check, ok, problem, skipped, warning } from "../check.mts";
import type { Facts, SiteName } from "../facts.mts";
import { validatedOverHttp } from "./settings.mts";

/** The first engine that forwards IPv6 with the visitor's address. */
const DOOR_IPV6 = "27.0.0";
const PROXY = "If a proxy or load balancer is in front of the server, ignore this.";

/** One check for each name of the site: whether it resolves to the server, by IPv4 and IPv6. */
export function dns(facts: Facts): Check[] {
  const { names, connection, server } = facts;
  if (connection.kind === "local") return [skipped("DNS", "the stack is on this machine")];
  if (names.length === 0) return [skipped("DNS", "the site has no name (siteName)")];
  const addresses = [...facts.serverAddresses, ...(server?.addresses ?? [])];
  return names.map((name) => checkName(name, addresses, facts));
}

function checkName(site: SiteName, addresses: string[], { settings, stack, server }: Facts): Check {
  const label = `DNS of ${site.name}`;
  const { httpAddress, frontDoor } = settings.values;
  // A certificate authority must reach the server by each name; otherwise a proxy or /etc/hosts may be in use.
  const mustReach = validatedOverHttp(settings.values);
  const bad = mustReach ? problem : warning;
  const all = [...site.a, ...site.aaaa];
  const found = all.join(", ");
  if (all.length === 0) {
    return bad(
      label,
      `no address (${site.error ?? "no records"})`,
      `Add a DNS record for the name: A ${addresses.find((one) => !one.includes(":")) ?? "with the server's address"}`,
    );
  }
  const foreign = all.filter((address) => !addresses.some((own) => normal(own) === normal(address)));
  if (addresses.length > 0 && foreign.length > 0) {
    const records = foreign.some((address) => address.includes(":")) ? "A and AAAA records" : "A record";
    return bad(
      label,
      `${foreign.join(", ")} is not an address of the server (${addresses.slice(0, 3).join(", ")})`,
      `Correct or remove the ${records}.${mustReach ? "" : ` ${PROXY}`}`,
    );
  }
  if (site.aaaa.length > 0 && frontDoor === "true") {
    const engine = server?.docker.version;
    if (!engine || isAtLeast(DOOR_IPV6, engine)) return ok(label, found);
    return bad(
      label,
      `${found}; the front door listens on IPv4 only with Docker ${engine}`,
      `Remove the AAAA record, as clients with IPv6 reach a closed port, or update Docker to ${DOOR_IPV6} or later and take all sites down once`,
    );
  }
  if (site.aaaa.length > 0 && !httpAddress?.includes(":")) {
    return bad(
      label,
      `${found}; the site listens on IPv4 only`,
      `Remove the AAAA record, as clients with IPv6 reach a closed port, or listen on both: pulumi config set httpAddress 0.0.0.0,:: --stack ${stack}`,
    );
  }
  return ok(label, found);
}

/** Normalizes the notation of an IPv6 address. */
function normal(address: string): string {
  if (!address.includes(":")) return address;
  return URL.canParse(`http://[${address}]/`) ? new URL(`http://[${address}]/`).hostname : address;
}
