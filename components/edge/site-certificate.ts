import type { Network } from "../host/network";
import { type Certificate, ownCertificate } from "./certificate";
import { ManagedCertificate, type ManagedCertificateArgs } from "./managed-certificate";

/** Source of a site's certificate. */
export type SiteTls =
  | ({ kind: "own" } & Parameters<typeof ownCertificate>[0])
  | ({ kind: "self-signed" } & Pick<ManagedCertificateArgs, "names">)
  | ({ kind: "acme" } & Pick<ManagedCertificateArgs, "names" | "acme">);

/** Creates the certificate of the configuration: the user's own, or one that is renewed automatically. Undefined for plain HTTP. */
export function siteCertificate(tls: SiteTls | undefined, network: Network): Certificate | undefined {
  if (!tls) return undefined;
  if (tls.kind === "own") return ownCertificate(tls);
  return new ManagedCertificate("certificate", {
    networks: [network],
    names: tls.names,
    ...(tls.kind === "acme" && tls.acme && { acme: tls.acme }),
  });
}
