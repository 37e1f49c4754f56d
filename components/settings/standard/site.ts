import { z } from "zod";
import { parseAllow, parseBasicAuth } from "../../edge/access-rules.ts";
import { isNetwork } from "../../model/host-name.ts";
import { dnsChallengeSettings } from "../groups/dns-challenge.ts";
import { limitSettings } from "../groups/limits.ts";
import { addresses, certificates, flag, host, hosts, list, number, optional, parsed, port, valueIn } from "../kinds.ts";
import { setting } from "../setting.ts";

/** The site: host names, ports, HTTPS and nginx. */
export const siteSettings = {
  siteName: setting(optional.pipe(host("must be a host name or an address").optional()), {
    default: "",
    description:
      "Public host name of the site, e.g. mail.example.org. Empty: serverHost, or localhost without a server.",
  }),
  allowedHosts: setting(list(hosts("must be host names, addresses or *.example.org")), {
    default: [],
    description:
      "Further host names the site answers to. *.example.org is all names one level below, with a certificate of your own, a self-signed one, or acmeChallenge dns-01.",
  }),
  httpAddress: setting(addresses, {
    default: "0.0.0.0",
    description:
      "Addresses of the server that the site listens on, separated by commas. 0.0.0.0: all of IPv4; add :: for IPv6 (0.0.0.0,::), whose visitors nginx sees with Docker's own address. 127.0.0.1: reachable from the server itself only.",
  }),
  httpPort: setting(port, { default: 80, description: "Port of the site for HTTP." }),
  httpsPort: setting(port, { default: 443, description: "Port of the site for HTTPS." }),
  frontDoor: setting(flag, {
    default: false,
    description:
      "Whether the site shares ports 80 and 443 of the server with other stacks, by its names siteName and allowedHosts (docs/many-sites.md). A stack that has the ports itself has a downtime of some seconds when this changes.",
    rollback: false,
  }),
  logFormat: setting(z.enum(["json", "text"], "must be json or text"), {
    default: "json",
    description:
      "Format of nginx's access log. json: an object a line, with the request's id, the release and the service's time (docs/logs.md). text: nginx's format combined.",
  }),
  trustedProxies: setting(
    list(z.string().refine(isNetwork, "must be addresses or networks such as 10.0.0.5 or 192.0.2.0/24")),
    {
      default: [],
      description:
        "Addresses or networks of the proxies before the site, e.g. of a load balancer that ends TLS, with tls off. Visitors' addresses and the scheme are taken from their X-Forwarded-For and X-Forwarded-Proto, and from nobody else's. A proxy on the server itself has the address of Docker's gateway, e.g. 172.16.0.0/12.",
    },
  ),
  basicAuth: setting(parsed(parseBasicAuth), {
    default: "",
    description:
      "Users and passwords for the site or a path, in lines <path> <user>:<password>; / is the whole site. Set it from a file: cat users | pulumi config set --secret basicAuth.",
    secret: true,
  }),
  allowAddresses: setting(
    list(z.string()).transform((lines, context) => {
      const value = valueIn(parseAllow(lines), context);
      return value && Object.keys(value).length > 0 ? value : undefined;
    }),
    {
      default: [],
      description:
        'Visitors\' addresses and networks that may open the site or a path, each entry "<path> <network>…", e.g. "/admin/ 192.0.2.7 10.0.0.0/8"; / is the whole site. All others get 403.',
      rollback: false,
    },
  ),
  tls: setting(z.enum(["off", "own", "self-signed", "acme"], "must be off, own, self-signed or acme"), {
    default: "off",
    description:
      "Where the certificate for HTTPS comes from: own (tlsCertificate and tlsKey), self-signed, acme (a certificate authority such as Let's Encrypt), or off for plain HTTP.",
  }),
  tlsCertificate: setting(optional, {
    default: "",
    description:
      "Certificate chain as PEM text, the site's own certificate first (cat chain.pem | pulumi config set tlsCertificate). Required with tls own.",
    rollback: false,
  }),
  tlsKey: setting(optional, {
    default: "",
    description:
      "Private key of tlsCertificate as PEM text (cat key.pem | pulumi config set --secret tlsKey). Required with tls own.",
    secret: true,
  }),
  acmeDirectory: setting(
    z.url({ protocol: /^https$/, error: "must be an address such as https://ca.example.org/acme/directory" }),
    {
      default: "https://acme-v02.api.letsencrypt.org/directory",
      description: "Directory URL of the certificate authority, with tls acme.",
    },
  ),
  acmeEmail: setting(optional.pipe(z.email("must be an e-mail address").optional()), {
    default: "",
    description: "E-mail address that the certificate authority may write to. Empty: none.",
  }),
  acmeAuthority: setting(certificates, {
    default: "",
    description:
      "CA certificate as PEM text that the directory's own HTTPS is verified with, for a private certificate authority. Empty: the public ones.",
  }),
  acmeCheckSeconds: setting(number(1, 604_800), {
    default: 43_200,
    description: "Interval between two checks whether the certificate is due for renewal.",
    unit: "seconds",
  }),
  ...dnsChallengeSettings,
  drainSeconds: setting(number(1, 3600), {
    default: 60,
    description: "Time the previous release has to finish its open requests before it is stopped.",
    unit: "seconds",
  }),
  ...limitSettings("edge", "nginx", { memory: 128, cpus: 1, pids: 50 }),
};
