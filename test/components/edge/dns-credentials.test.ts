import { describe, expect, test } from "vitest";
import { dnsCredentialsFile, parseDnsCredentials } from "../../../components/edge/dns-credentials";
import { credentialProblems } from "../../../components/edge/dns-providers";

describe("the variables of a DNS provider", () => {
  test("are read from YAML or JSON", () => {
    const expected = { HTTPREQ_ENDPOINT: "https://dns.example.org", HTTPREQ_PROPAGATION_TIMEOUT: "300" };
    const yaml = "HTTPREQ_ENDPOINT: https://dns.example.org\nHTTPREQ_PROPAGATION_TIMEOUT: 300\n";
    expect(parseDnsCredentials(yaml)).toEqual({ value: expected, problems: [] });
    expect(parseDnsCredentials(JSON.stringify(expected)).value).toEqual(expected);
  });

  test.each([
    ["hunter2", 'must be lines "<VARIABLE>: <value>"'],
    ["[hunter2]", 'must be lines "<VARIABLE>: <value>"'],
    ['{"A": "hunter2', 'must be lines "<VARIABLE>: <value>"'],
    ["{}", 'must be lines "<VARIABLE>: <value>"'],
    ["hunter2: x", "a name is not one of a variable"],
    ["DO_AUTH_TOKEN_FILE: /hunter2", "DO_AUTH_TOKEN_FILE names a file, which the container does not have"],
    ["DO_AUTH_TOKEN: [hunter2]", "the value of DO_AUTH_TOKEN must be text"],
    ['DO_AUTH_TOKEN: ""', "the value of DO_AUTH_TOKEN is empty"],
    ["DO_AUTH_TOKEN: hunter2'", "DO_AUTH_TOKEN must not contain '"],
    ["DO_AUTH_TOKEN: hunter2\\", "or end with \\"],
  ])("of %j are refused without the value", (text, problem) => {
    const { problems } = parseDnsCredentials(text);
    expect(problems.join()).toContain(problem);
    expect(problems.join()).not.toContain("hunter2");
  });

  test("are written as they are, in quotes that nothing is replaced in", () => {
    expect(dnsCredentialsFile({ A_KEY: 'a$B"c\\d #e', B_KEY: "x" })).toBe("A_KEY='a$B\"c\\d #e'\nB_KEY='x'\n");
  });
});

describe("a DNS provider", () => {
  test.each([
    ["cloudflare", ["CF_DNS_API_TOKEN"]],
    ["cloudflare", ["CLOUDFLARE_DNS_API_TOKEN", "CF_ZONE_API_TOKEN"]],
    ["cloudflare", ["CF_API_EMAIL", "CLOUDFLARE_API_KEY"]],
    ["digitalocean", ["DO_AUTH_TOKEN"]],
    ["hetzner", ["HETZNER_API_TOKEN"]],
    ["httpreq", ["HTTPREQ_ENDPOINT"]],
    ["httpreq", ["HTTPREQ_ENDPOINT", "HTTPREQ_USERNAME", "HTTPREQ_PASSWORD"]],
    ["rfc2136", ["RFC2136_NAMESERVER", "RFC2136_TSIG_ALGORITHM", "RFC2136_TSIG_KEY", "RFC2136_TSIG_SECRET"]],
    ["rfc2136", ["DNSUPDATE_NAMESERVER", "DNSUPDATE_TSIG_ALGORITHM", "DNSUPDATE_TSIG_KEY", "DNSUPDATE_TSIG_SECRET"]],
    ["route53", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"]],
    ["netcup", ["ANYTHING"]],
  ])("%s accepts %j", (provider, variables) => {
    expect(credentialProblems(provider, variables)).toEqual([]);
  });

  test.each([
    ["cloudflare", ["CF_API_TOKEN"], "needs CF_DNS_API_TOKEN, or CF_API_EMAIL, CF_API_KEY; it has CF_API_TOKEN"],
    ["cloudflare", ["CF_API_KEY"], "needs CF_DNS_API_TOKEN, or CF_API_EMAIL, CF_API_KEY; it has CF_API_KEY"],
    ["digitalocean", ["DO_TOKEN"], "needs DO_AUTH_TOKEN; it has DO_TOKEN"],
    ["hetzner", ["HETZNER_API_KEY"], "needs HETZNER_API_TOKEN; it has HETZNER_API_KEY"],
    ["httpreq", ["HTTPREQ_ENDPOINT", "HTTPREQ_USERNAME"], "but not HTTPREQ_PASSWORD"],
    ["rfc2136", ["RFC2136_NAMESERVER"], "RFC2136_TSIG_SECRET; it has RFC2136_NAMESERVER"],
    [
      "route53",
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
      "needs AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION",
    ],
  ])("%s refuses %j and says what it needs", (provider, variables, problem) => {
    expect(credentialProblems(provider, variables)).toEqual([expect.stringContaining(problem)]);
  });
});
