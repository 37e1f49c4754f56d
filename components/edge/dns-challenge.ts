import * as pulumi from "@pulumi/pulumi";
import type { ContainerSpec } from "../app/container-spec";
import { type DnsCredentials, dnsCredentialsFile } from "./dns-credentials";

/** Validation of names by records at their DNS provider. */
export interface DnsChallenge {
  /** The provider, by lego's name for it, e.g. `cloudflare`: https://go-acme.github.io/lego/dns/ */
  provider: string;
  /** Variables of the provider, with its credentials. They reach the container as a file. */
  credentials: pulumi.Input<DnsCredentials>;
  /** Name servers that are asked whether the records are there, e.g. `10.0.0.53:53`. Default: the authoritative ones of the domain. */
  resolvers?: readonly string[];
}

const FILE = "/run/secrets/dns.env";

/** What the certificate manager's container needs in addition. */
export function dnsChallengeParts({ provider, credentials, resolvers = [] }: DnsChallenge) {
  const content = pulumi.secret(pulumi.output(credentials).apply(dnsCredentialsFile));
  return {
    env: { DNS_PROVIDER: provider, DNS_CREDENTIALS: FILE, DNS_RESOLVERS: resolvers.join(",") },
    files: { [FILE]: content },
    // lego has the clients of all providers, and Go's threads count as processes.
    limits: { memory: 256, pids: 60 },
  } satisfies Pick<ContainerSpec, "env" | "files" | "limits">;
}
