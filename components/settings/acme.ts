import { isIP } from "node:net";
import { publicNameProblems } from "../edge/certificate.ts";
import { parseDnsCredentials } from "../edge/dns-credentials.ts";
import { credentialProblems } from "../edge/dns-providers.ts";
import type { RawSettings } from "./kinds.ts";
import { type HowToSet, missing } from "./missing.ts";

/** Errors in the settings of a certificate from an authority for these names, a sentence each. */
export function acmeProblems(raw: RawSettings, names: readonly string[], howToSet: HowToSet): string[] {
  const overDns = raw["acmeChallenge"] === "dns-01";
  const ofChallenge = overDns ? dnsProblems(raw, howToSet) : portProblems(raw, howToSet);
  const ofNames = raw["acmeAuthority"] ? privateNameProblems(names, overDns) : publicNameProblems(names, overDns);
  return [...ofChallenge, ...ofNames];
}

/** An authority sends its challenges to port 80 only. A private one may have another port. */
function portProblems({ httpPort, acmeAuthority }: RawSettings, howToSet: HowToSet): string[] {
  if (httpPort === "80" || acmeAuthority) return [];
  return [
    `tls is acme, but the authority sends its challenges to port 80 only, and httpPort is ${httpPort} (${howToSet("httpPort").replace("…", "80")}, or set tls to own or self-signed, or acmeChallenge to dns-01)`,
  ];
}

function dnsProblems(raw: RawSettings, howToSet: HowToSet): string[] {
  const absent = missing(raw, ["dnsProvider", "dnsCredentials"], "acmeChallenge is dns-01", howToSet);
  if (absent.length > 0) return absent;
  // The form of the setting reports a text that cannot be read.
  const { value: credentials } = parseDnsCredentials(raw["dnsCredentials"] ?? "");
  const problems = credentials ? credentialProblems(raw["dnsProvider"] ?? "", Object.keys(credentials)) : [];
  return problems.map((problem) => `dnsCredentials is incomplete: ${problem} (${howToSet("dnsCredentials")})`);
}

/** A private authority may issue for any name, but can only validate what the challenge can show. */
function privateNameProblems(names: readonly string[], overDns: boolean): string[] {
  return overDns
    ? names
        .filter((name) => isIP(name) !== 0)
        .map((name) => `An address cannot be validated over DNS: ${name}. Remove it, or set acmeChallenge to http-01`)
    : names
        .filter((name) => name.includes("*"))
        .map((name) => `A wildcard cannot be validated over HTTP: ${name}. Set acmeChallenge to dns-01`);
}
