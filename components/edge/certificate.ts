import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerSpec } from "../app/container-spec";

/** A certificate as the edge uses it. */
export interface Certificate {
  /** Path in nginx's container of the chain in PEM form, the site's own certificate first. */
  chain: string;
  /** Path in nginx's container of the private key in PEM form. */
  key: string;
  /** Host names and addresses it is for. Default: not known, as with a certificate one has. */
  names?: readonly string[];
  /** Files nginx's container gets for it. Default: none. */
  files?: NonNullable<ContainerSpec["files"]>;
  /** Volumes nginx's container gets for it: what is in them may change while nginx runs. Default: none. */
  volumes?: NonNullable<ContainerSpec["volumes"]>;
  /** Folder in nginx's container with the answers to `/.well-known/acme-challenge/`. Default: nothing is asked. */
  challenges?: string;
  /** What has to be there before nginx starts. Default: nothing. */
  ready?: pulumi.Resource;
  /** Asks for the certificate once `edge` is there. Default: nothing is to be asked. */
  obtain?: (edge: pulumi.Resource) => pulumi.Resource;
}

export interface OwnCertificateArgs {
  /** The chain in PEM form, the site's own certificate first. */
  certificate: pulumi.Input<string>;
  /** Its private key in PEM form, a secret. */
  key: pulumi.Input<string>;
}

/** A certificate the user has, from wherever. A new one is rolled out like a release. */
export function ownCertificate({ certificate, key }: OwnCertificateArgs): Certificate {
  const [chainFile, keyFile] = ["/run/secrets/tls/chain.pem", "/run/secrets/tls/key.pem"];
  return { chain: chainFile, key: keyFile, files: { [chainFile]: certificate, [keyFile]: key } };
}

/** A certificate and key as text, and the names they are for. */
export interface OwnCertificateTexts {
  certificate: string;
  key: string;
  /** Host names and addresses the site is reached at. */
  names: readonly string[];
  /** When it is used. Default: now. */
  now?: Date;
}

/** What keeps a certificate of one's own from working, in words for its owner; nothing of the key is repeated. */
export function certificateProblems({ certificate, key, names, now = new Date() }: OwnCertificateTexts): string[] {
  const problems: string[] = [];
  const parsed = attempt(() => new X509Certificate(certificate));
  if (!parsed) {
    problems.push(
      "The certificate cannot be read. It must be in PEM form: -----BEGIN CERTIFICATE-----…, chain included.",
    );
  }
  const privateKey = attempt(() => createPrivateKey(key));
  if (!privateKey) problems.push(unreadableKey(key));
  if (parsed && privateKey && !parsed.checkPrivateKey(privateKey)) problems.push(mismatch(certificate, privateKey));
  if (parsed) problems.push(...validity(parsed, now), ...coverage(parsed, names));
  return problems;
}

function unreadableKey(key: string): string {
  return key.includes("ENCRYPTED")
    ? "The key has a passphrase, which nobody could type on the server. Remove it: openssl pkey -in key.pem -out plain.pem"
    : "The key cannot be read. It must be a private key in PEM form: -----BEGIN PRIVATE KEY-----…";
}

/** The key belongs to another certificate: often the chain is only in the wrong order. */
function mismatch(chain: string, key: KeyObject): string {
  const others = chain.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const inChain = others.some((pem) => attempt(() => new X509Certificate(pem))?.checkPrivateKey(key));
  return inChain
    ? "The chain is in the wrong order: the site's own certificate comes first, then those of its authority."
    : "The key does not belong to the certificate: both must come from the same request.";
}

function validity({ validFrom, validTo }: X509Certificate, now: Date): string[] {
  if (new Date(validTo) <= now) return [`The certificate has expired on ${day(validTo)}: renew it where it came from.`];
  if (new Date(validFrom) > now) return [`The certificate is not valid before ${day(validFrom)}.`];
  return [];
}

function coverage(certificate: X509Certificate, names: readonly string[]): string[] {
  const missing = names.filter((name) => !(isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
  const covered = certificate.subjectAltName?.replace(/\b(DNS|IP Address):/g, "") ?? "no name";
  return missing.map(
    (name) => `The certificate is not for ${name}, so browsers would warn there. It is for ${covered}.`,
  );
}

/** Endings of names that are not in the internet's DNS (RFC 2606, 6761, 6762, 8375 and common habit). */
const NOT_PUBLIC =
  /(^|\.)(localhost|local|localdomain|test|example|invalid|internal|intranet|lan|home|corp|home\.arpa|onion)$/i;

/** Why a public authority, which asks the site itself over HTTP, would certify none of these names. */
export function publicNameProblems(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const reason = whyNotPublic(name);
    return reason ? [`No public authority gives a certificate for ${name}: ${reason}. ${INSTEAD}`] : [];
  });
}

const INSTEAD = "Use the site's public name, a self-signed certificate or one of your own, or a private authority.";

function whyNotPublic(name: string): string | undefined {
  if (isIP(name)) return "it is an address";
  if (name.includes("*")) return "a wildcard cannot be proven over HTTP";
  if (NOT_PUBLIC.test(name)) return "it is a private name";
  if (!name.includes(".")) return "it has no domain";
  return undefined;
}

function day(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
