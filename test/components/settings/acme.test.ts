import { describe, expect, test } from "vitest";
import { validate } from "../../../components/settings/validate";

const SITE = {
  serverHost: "shop.example.org",
  serverHostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA root@shop",
  siteName: "shop.berth.dev",
  tls: "acme",
};
const OVER_DNS = {
  ...SITE,
  acmeChallenge: "dns-01",
  dnsProvider: "hetzner",
  dnsCredentials: '{"HETZNER_API_TOKEN": "hunter2"}',
};
const WILDCARD = { allowedHosts: '["*.berth.dev"]' };
const PRIVATE = { acmeAuthority: "-----BEGIN CERTIFICATE-----" };

const validated = (raw: Record<string, string>) => validate(raw, new Set(["dnsCredentials"]), { settings: {} });
const problemsOf = (raw: Record<string, string>) => validated(raw).problems;

describe("names that are validated over DNS", () => {
  test("may be wildcards, and need no port 80", () => {
    expect(problemsOf({ ...OVER_DNS, ...WILDCARD, httpPort: "8080" })).toEqual([]);
    expect(validated(OVER_DNS).values).toMatchObject({
      acmeChallenge: "dns-01",
      dnsProvider: "hetzner",
      dnsCredentials: { HETZNER_API_TOKEN: "hunter2" },
      dnsResolvers: [],
    });
  });

  test("need a provider and its variables", () => {
    expect(problemsOf({ ...SITE, acmeChallenge: "dns-01" })).toEqual([
      "dnsProvider is missing, as acmeChallenge is dns-01 (pulumi config set dnsProvider …)",
      "dnsCredentials is missing, as acmeChallenge is dns-01 (pulumi config set --secret dnsCredentials …)",
    ]);
    expect(problemsOf({ ...OVER_DNS, dnsProvider: "cloudflare" })).toEqual([
      "dnsCredentials is incomplete: the provider cloudflare needs CF_DNS_API_TOKEN, or CF_API_EMAIL, CF_API_KEY; it has HETZNER_API_TOKEN (pulumi config set --secret dnsCredentials …)",
    ]);
  });

  test("need variables that can be read, and no problem shows their values", () => {
    const { problems } = validated({ ...OVER_DNS, dnsCredentials: "hunter2" });
    expect(problems).toEqual([
      'dnsCredentials has a mistake: it must be lines "<VARIABLE>: <value>", as YAML or JSON (pulumi config set --secret dnsCredentials …)',
    ]);
    const plain = validate(OVER_DNS, new Set(), { settings: {} }).problems.join();
    expect(plain).toContain("dnsCredentials is in plain text");
    expect(plain).not.toContain("hunter2");
  });

  test("are no addresses, even with a private authority", () => {
    const addresses = { ...OVER_DNS, allowedHosts: '["203.0.113.7"]' };
    expect(problemsOf(addresses)).toEqual([expect.stringContaining("for 203.0.113.7: it is an address")]);
    expect(problemsOf({ ...addresses, ...PRIVATE })).toEqual([
      "An address cannot be validated over DNS: 203.0.113.7. Remove it, or set acmeChallenge to http-01",
    ]);
  });

  test("are public, or of a private authority", () => {
    const inside = { ...OVER_DNS, allowedHosts: '["*.shop.lan"]' };
    expect(problemsOf(inside)).toEqual([expect.stringContaining("for *.shop.lan: it is a private name")]);
    expect(problemsOf({ ...inside, ...PRIVATE })).toEqual([]);
  });

  test.each(["10.0.0.53", "10.0.0.53:5353", "ns.shop.lan:53", "2001:db8::53", "[2001:db8::53]:53"])(
    "may be looked up at %s",
    (resolver) => {
      expect(problemsOf({ ...OVER_DNS, dnsResolvers: JSON.stringify([resolver]) })).toEqual([]);
    },
  );

  test("are not looked up at a URL", () => {
    expect(problemsOf({ ...OVER_DNS, dnsResolvers: '["https://dns.example.org/"]' })).toEqual([
      expect.stringContaining("dnsResolvers must be addresses such as 10.0.0.53"),
    ]);
  });
});

describe("names that are validated over HTTP", () => {
  test("are no wildcards, and the problem says what to set instead", () => {
    expect(problemsOf({ ...SITE, ...WILDCARD })).toEqual([
      expect.stringMatching(/for \*\.berth\.dev: a wildcard cannot be validated over HTTP\..*acmeChallenge to dns-01/),
    ]);
    expect(problemsOf({ ...SITE, ...WILDCARD, ...PRIVATE })).toEqual([
      "A wildcard cannot be validated over HTTP: *.berth.dev. Set acmeChallenge to dns-01",
    ]);
  });
});
