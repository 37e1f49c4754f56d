import { z } from "zod";
import { parseDnsCredentials } from "../../edge/dns-credentials.ts";
import { list, optional, parsed } from "../kinds.ts";
import { setting } from "../setting.ts";

/** An address with or without a port, e.g. 192.0.2.53, [2001:db8::53]:53. */
const RESOLVER = /^([\w.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\]:\d+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/;

/** How the certificate authority validates the site's names, with tls acme. */
export const dnsChallengeSettings = {
  acmeChallenge: setting(z.enum(["http-01", "dns-01"], "must be http-01 or dns-01"), {
    default: "http-01",
    description:
      "How the certificate authority validates the names, with tls acme: http-01 over port 80 of the site, or dns-01 by records that Berth sets at dnsProvider. *.example.org requires dns-01 (docs/certificates.md).",
  }),
  dnsProvider: setting(
    optional.pipe(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]*$/, "must be the name of a provider, e.g. cloudflare")
        .optional(),
    ),
    {
      default: "",
      description:
        "DNS provider of the site's names: cloudflare, digitalocean, hetzner, route53, rfc2136 (a name server with dynamic updates), httpreq (a webhook), or another one by lego's name for it. Required with acmeChallenge dns-01.",
    },
  ),
  dnsCredentials: setting(parsed(parseDnsCredentials), {
    default: "",
    description:
      'Variables of dnsProvider as YAML or JSON, e.g. {"CF_DNS_API_TOKEN": "…"}. Set them from a file: cat dns.yaml | pulumi config set --secret dnsCredentials. Required with acmeChallenge dns-01.',
    secret: true,
  }),
  dnsResolvers: setting(list(z.string().regex(RESOLVER, "must be addresses such as 10.0.0.53 or 10.0.0.53:5353")), {
    default: [],
    description:
      "Name servers that are asked whether the records of dns-01 are there, for names that public DNS does not know. Empty: the authoritative ones of the domain.",
  }),
};
