import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerSpec } from "../app/container-spec";
import { valueOrUndefined } from "../model/values.ts";
import { certificatesIn, chainProblems, day } from "./certificate-chain.ts";

/** A certificate for the edge. */
export interface Certificate {
  /** Path of the PEM chain in nginx's container, the site's certificate first. */
  chain: string;
  /** Path of the PEM private key in nginx's container. */
  key: string;
  /** Host names and addresses that it covers. Default: unknown, as for a certificate of the user. */
  names?: readonly string[];
  /** Files for nginx's container. Default: none. */
  files?: NonNullable<ContainerSpec["files"]>;
  /** Volumes for nginx's container, whose content may change while nginx runs. Default: none. */
  volumes?: NonNullable<ContainerSpec["volumes"]>;
  /** Folder in nginx's container with responses for `/.well-known/acme-challenge/`. Default: none. */
  challenges?: string;
  /** Resource that nginx waits for. Default: none. */
  ready?: pulumi.Resource;
  /** Requests the certificate after `edge` is ready. Default: none. */
  obtain?: (edge: pulumi.Resource) => pulumi.Resource;
}

export interface OwnCertificateArgs {
  /** PEM chain, the site's certificate first. */
  certificate: pulumi.Input<string>;
  /** PEM private key, a secret. */
  key: pulumi.Input<string>;
}

/** A certificate that the user supplies. A new certificate is deployed like a release. */
export function ownCertificate({ certificate, key }: OwnCertificateArgs): Certificate {
  const [chainFile, keyFile] = ["/run/secrets/tls/chain.pem", "/run/secrets/tls/key.pem"];
  return { chain: chainFile, key: keyFile, files: { [chainFile]: certificate, [keyFile]: key } };
}

/** A certificate and key as text, and the names that it must cover. */
export interface OwnCertificateTexts {
  certificate: string;
  key: string;
  /** Host names and addresses of the site. */
  names: readonly string[];
  /** Time at which it must be valid. Default: now. */
  now?: Date;
}

/** Errors in a certificate that the user supplies, a sentence each, without the key. */
export function certificateProblems({ certificate, key, names, now = new Date() }: OwnCertificateTexts): string[] {
  const problems: string[] = [];
  const parsed = valueOrUndefined(() => new X509Certificate(certificate));
  if (!parsed) {
    problems.push(
      "The certificate cannot be read. It must be in PEM form: -----BEGIN CERTIFICATE-----…, chain included.",
    );
  }
  const privateKey = valueOrUndefined(() => createPrivateKey(key));
  if (!privateKey) problems.push(unreadableKey(key));
  if (parsed && privateKey && !parsed.checkPrivateKey(privateKey)) problems.push(mismatch(certificate, privateKey));
  if (parsed) problems.push(...validity(parsed, now), ...coverage(parsed, names));
  // A wrong order is reported above.
  if (parsed && (!privateKey || parsed.checkPrivateKey(privateKey))) problems.push(...chainProblems(certificate, now));
  return problems;
}

function unreadableKey(key: string): string {
  return key.includes("ENCRYPTED")
    ? "The key has a passphrase, which nginx cannot ask for. Remove it: openssl pkey -in key.pem -out plain.pem"
    : "The key cannot be read. It must be a private key in PEM form: -----BEGIN PRIVATE KEY-----…";
}

/** The key does not match the first certificate. Often only the order of the chain is wrong. */
function mismatch(chain: string, key: KeyObject): string {
  const inChain = certificatesIn(chain).some((certificate) => certificate?.checkPrivateKey(key));
  return inChain
    ? "The chain is in the wrong order: put the site's certificate first, then those of its authority."
    : "The key does not belong to the certificate: both must come from the same request.";
}

function validity({ validFrom, validTo }: X509Certificate, now: Date): string[] {
  if (new Date(validTo) <= now) return [`The certificate expired on ${day(validTo)}. Renew it with its authority.`];
  if (new Date(validFrom) > now) return [`The certificate is not valid before ${day(validFrom)}.`];
  return [];
}

function coverage(certificate: X509Certificate, names: readonly string[]): string[] {
  if (certificate.subjectAltName === undefined) {
    return [
      "The certificate has no names (Subject Alternative Name), so browsers refuse it: they ignore the common name. Request one with the site's names.",
    ];
  }
  const missing = names.filter((name) => !covers(certificate, name));
  const covered = certificate.subjectAltName.replace(/\b(DNS|IP Address):/g, "");
  return missing.map(
    (name) => `The certificate does not cover ${name}, so browsers would show a warning. It covers ${covered}.`,
  );
}

/** A wildcard is covered if one of its names is. */
function covers(certificate: X509Certificate, name: string): boolean {
  if (isIP(name)) return certificate.checkIP(name) !== undefined;
  return certificate.checkHost(name.replace(/^\*/, "berth-any"), { partialWildcards: false }) !== undefined;
}

/** Suffixes of names that are not in public DNS (RFC 2606, 6761, 6762, 8375 and common practice). */
const NOT_PUBLIC =
  /(^|\.)(localhost|local|localdomain|test|example|invalid|internal|intranet|lan|home|corp|home\.arpa|onion)$/i;

/** Names that a public authority cannot validate over HTTP, or over DNS, a sentence each. */
export function publicNameProblems(names: readonly string[], overDns = false): string[] {
  return names.flatMap((name) => {
    if (!overDns && name.includes("*")) return [problem(name, "a wildcard cannot be validated over HTTP", BY_DNS)];
    const reason = whyNotPublic(name.replace(/^\*\./, ""));
    return reason ? [problem(name, reason)] : [];
  });
}

const INSTEAD = "Use the site's public name, a self-signed certificate, your own certificate, or a private authority.";
const BY_DNS = `${INSTEAD} Or validate it over DNS: set acmeChallenge to dns-01.`;

function problem(name: string, reason: string, instead = INSTEAD): string {
  return `No public authority issues a certificate for ${name}: ${reason}. ${instead}`;
}

function whyNotPublic(name: string): string | undefined {
  if (isIP(name)) return "it is an address";
  if (NOT_PUBLIC.test(name)) return "it is a private name";
  if (!name.includes(".")) return "it has no domain";
  return undefined;
}
