import { type Certificate, ManagedCertificate, type Network, ownCertificate } from "./components";
import type { Config } from "./config";

/** The certificate the configuration asks for: one's own, or one that is kept up by itself. */
export function siteCertificate({ tls }: Config, network: Network): Certificate | undefined {
  if (!tls) return undefined;
  if (tls.kind === "own") return ownCertificate(tls);
  const { names } = tls;
  return new ManagedCertificate("certificate", {
    networks: [network],
    names,
    ...(tls.kind === "acme" && { acme: tls.acme }),
  });
}
