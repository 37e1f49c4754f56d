/** What a DNS provider needs: all variables of one of the sets. A variable may have other names, after `|`. */
type Needs = readonly (readonly string[])[];

/** Providers that the plan checks, by lego's name for them. It has many more: https://go-acme.github.io/lego/dns/ */
const PROVIDERS: Readonly<Record<string, Needs>> = {
  cloudflare: [
    ["CF_DNS_API_TOKEN|CLOUDFLARE_DNS_API_TOKEN"],
    ["CF_API_EMAIL|CLOUDFLARE_EMAIL", "CF_API_KEY|CLOUDFLARE_API_KEY"],
  ],
  digitalocean: [["DO_AUTH_TOKEN"]],
  hetzner: [["HETZNER_API_TOKEN"]],
  // Webhook: lego sends POST …/present and …/cleanup with name and value of the record.
  httpreq: [["HTTPREQ_ENDPOINT"]],
  rfc2136: [
    [
      "RFC2136_NAMESERVER|DNSUPDATE_NAMESERVER",
      "RFC2136_TSIG_ALGORITHM|DNSUPDATE_TSIG_ALGORITHM",
      "RFC2136_TSIG_KEY|DNSUPDATE_TSIG_KEY",
      "RFC2136_TSIG_SECRET|DNSUPDATE_TSIG_SECRET",
    ],
  ],
  route53: [["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"]],
};

/** Variables that are useless alone, by provider. */
const PAIRS: Readonly<Record<string, readonly [string, string]>> = {
  httpreq: ["HTTPREQ_USERNAME", "HTTPREQ_PASSWORD"],
};

/** Errors in the variables of a provider that Berth knows, a sentence each, without their values. */
export function credentialProblems(provider: string, variables: readonly string[]): string[] {
  const has = (names: string) => names.split("|").some((name) => variables.includes(name));
  const needs = PROVIDERS[provider];
  if (!needs) return [];
  const pair = PAIRS[provider] ?? [];
  const half = pair.some(has) ? pair.filter((name) => !has(name)) : [];
  const complete = needs.some((set) => set.every(has));
  if (complete) return half.map((name) => `it has one of ${pair.join(" and ")}, but not ${name}`);
  const sets = needs.map((set) => set.map((names) => names.replace(/\|.*/, "")).join(", "));
  return [`the provider ${provider} needs ${sets.join(", or ")}; it has ${variables.join(", ")}`];
}
