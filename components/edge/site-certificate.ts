import type { Network } from "../host/network";
import { type Certificate, ownCertificate } from "./certificate";
import { ManagedCertificate, type ManagedCertificateArgs } from "./managed-certificate";

/** How a site comes to its certificate. */
export type SiteTls =
  | ({ kind: "own" } & Parameters<typeof ownCertificate>[0])
  | ({ kind: "self-signed" } & Pick<ManagedCertificateArgs, "names">)
  | ({ kind: "acme" } & Pick<ManagedCertificateArgs, "names" | "acme">);

/** The certificate the configuration asks for: a given one, or one that is renewed automatically. Undefined for plain HTTP. */
export function siteCertificate(tls: SiteTls | undefined, network: Network): Certificate | undefined {
  if (!tls) return undefined;
  if (tls.kind === "own") return ownCertificate(tls);
  return new ManagedCertificate("certificate", {
    networks: [network],
    names: tls.names,
    ...(tls.kind === "acme" && tls.acme && { acme: tls.acme }),
  });
}
