import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The certificates of a PEM text, in its order; undefined for one that cannot be read. */
export function certificatesIn(pem: string): (X509Certificate | undefined)[] {
  return (pem.match(BLOCK) ?? []).map((block) => {
    try {
      return new X509Certificate(block);
    } catch {
      return undefined;
    }
  });
}

/**
 * Errors in the certificates that follow the site's own, a sentence each. Browsers may hide them, as they know many authorities, but
 * other clients refuse the site.
 */
export function chainProblems(pem: string, now: Date): string[] {
  const [site, ...others] = certificatesIn(pem);
  if (!site) return [];
  const broken = others.flatMap((one, index) =>
    one ? [] : [`Certificate ${index + 2} of the chain cannot be read. ${APPEND}`],
  );
  const readable = others.filter((one) => one !== undefined);
  if (broken.length > 0) return broken;
  if (readable.length === 0) return isComplete(site) ? [] : [`${missing(site)} ${APPEND}`];
  return [site, ...readable].flatMap((one, index, chain) => [
    ...(index > 0 && new Date(one.validTo) <= now && new Date(site.validTo) > now
      ? [`${named(one)} in the chain expired on ${day(one.validTo)}. Get the current chain from its authority.`]
      : []),
    ...linkProblems(one, chain[index + 1]),
  ]);
}

const APPEND =
  "Append the certificates of its authority in PEM form (often called full chain), also that of a private one.";

/** Each certificate is followed by that of its issuer. */
function linkProblems(one: X509Certificate, next: X509Certificate | undefined): string[] {
  if (!next || issued(one, next)) return [];
  return [
    `${named(next)} in the chain did not issue the certificate before it, ${subject(one)}. Put the site's certificate first, then each one's issuer.`,
  ];
}

/** A self-signed certificate, or one that a public root issued, needs no chain. */
function isComplete(site: X509Certificate): boolean {
  return issued(site, site) || rootCertificates.some((root) => issued(site, new X509Certificate(root)));
}

function issued(one: X509Certificate, issuer: X509Certificate): boolean {
  return one.checkIssued(issuer) && one.verify(issuer.publicKey);
}

function missing(site: X509Certificate): string {
  return `The chain has only the site's certificate, without that of its authority (${site.issuer.replaceAll("\n", ", ")}).`;
}

function named(one: X509Certificate): string {
  return `The certificate ${subject(one)}`;
}

function subject({ subject }: X509Certificate): string {
  return subject.replaceAll("\n", ", ") || "without a subject";
}

/** The date of a certificate as ISO 8601. */
export function day(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}

/** Days before its expiry at which a certificate is worth a warning. */
const SOON = 14;

/** Warns of certificates in the chain that are valid, but not for long. */
export function expiryWarnings(pem: string, now = new Date()): string[] {
  return certificatesIn(pem).flatMap((one) => {
    const days = one ? Math.floor((new Date(one.validTo).getTime() - now.getTime()) / 86_400_000) : SOON;
    if (!one || days < 0 || days >= SOON) return [];
    return [
      `${named(one)} in tlsCertificate expires on ${day(one.validTo)}, in ${days} ${days === 1 ? "day" : "days"}. Set a renewed one in time.`,
    ];
  });
}
