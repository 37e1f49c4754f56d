import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { container } from "../app/container";
import { type ContainerSpec, scopeOfContainer } from "../app/container-spec";
import { bestEffortGate } from "../app/gate";
import type { Limits } from "../app/limits";
import { DEFAULT_IMAGES } from "../model/default-images";
import { HOST, toAscii } from "../model/host-name";
import { refuse } from "../problems";

export interface TunnelArgs {
  /** Networks of the services, at least one, and that is not internal: Cloudflare is called from there. */
  networks: ContainerSpec["networks"];
  /** What `cloudflared tunnel token <name>` prints. */
  token: pulumi.Input<string>;
  /** Where requests go, the first rule that fits first. What fits none is answered with 404. */
  ingress: IngressRule[];
  /** Image of cloudflared, 2025.4.0 or later. Default: `cloudflare/cloudflared:2026.8.2`. */
  image?: string;
  /** Timeout in seconds for a new container to connect; the release then continues without it. Default: 20. */
  patience?: number;
  /** Resource limits. Default: 128 MiB, half a processor, 50 processes. */
  limits?: Limits;
  /** Transforms the container's arguments before creation. Default: none. */
  transform?: NonNullable<ContainerSpec["transform"]>;
}

export interface IngressRule {
  /** Name that people ask for, e.g. `antone.example.org`. */
  hostname: string;
  /** Regular expression for the path, e.g. `^/api/`. Default: every path. */
  path?: string;
  /**
   * Where it goes: a service's name in the network and its port, e.g. `http://dashboard:3000`. The tunnel starts after a `WebService` of
   * that name that stands before it in the program.
   */
  service: string;
}

/**
 * A way in by Cloudflare, which needs no open port: cloudflared calls Cloudflare and gets the requests over that connection.
 *
 * A release goes on without it: where Cloudflare is not reached, its container is unhealthy or tries again and again, and
 * `berth status` says so. The rules hold for tunnels made with `cloudflared tunnel create`; those made in Cloudflare's dashboard
 * get theirs from there.
 */
export class Tunnel extends pulumi.ComponentResource {
  constructor(name: string, args: TunnelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:edge:Tunnel", name, {}, opts);
    refuse(`the tunnel ${name}`, ingressProblems(args.ingress), this);
    const { networks, token, ingress, patience = 20, limits, transform } = args;
    const spec: ContainerSpec = {
      networks,
      image: args.image ?? DEFAULT_IMAGES.tunnel,
      command: ["tunnel", "--config", CONFIG, "--metrics", METRICS, "run", "--token-file", TOKEN],
      files: { [CONFIG]: tunnelConfig(ingress), [TOKEN]: token },
      // The user `nonroot` of the official image.
      user: "65532:65532",
      limits: { memory: 128, cpus: 0.5, pids: 50, ...limits },
      ...(transform && { transform }),
    };
    // Old and new may be connected at once; Cloudflare asks either.
    const made = container(name, spec, { health: HEALTH, background: true }, { parent: this });
    const scope = scopeOfContainer(args);
    const dependsOn = ingress.flatMap(({ service }) => scope.gatesOf(hostIn(service)));
    bestEffortGate(name, { spec, container: made, health: HEALTH, timeout: patience, dependsOn }, this);
    this.registerOutputs({});
  }
}

/** The configuration of cloudflared. */
export function tunnelConfig(rules: readonly IngressRule[]): string {
  const ingress = rules.map((rule) => ({ ...rule, hostname: toAscii(rule.hostname) }));
  return stringify({ ingress: [...ingress, { service: "http_status:404" }] }, { lineWidth: 0 });
}

/** Errors in the rules' host names, a sentence each. */
export function ingressProblems(ingress: readonly IngressRule[]): string[] {
  return ingress
    .filter(({ hostname }) => !HOST.test(toAscii(hostname).replace(/^\*\./, "")))
    .map(
      ({ hostname }) => `ingress: "${hostname}" must be a host name without scheme or path, e.g. "www.example.org".`,
    );
}

/** The host in the address of a service; empty for cloudflared's own services, e.g. `http_status:404`. */
function hostIn(service: string): string {
  return /^\w+:\/\/([^:/]+)/.exec(service)?.[1] ?? "";
}

const CONFIG = "/etc/cloudflared/config.yml";
const TOKEN = "/run/secrets/tunnel-token";
const METRICS = "127.0.0.1:20241";
/** Succeeds if at least one connection is established. */
const HEALTH = {
  command: ["cloudflared", "tunnel", "--metrics", METRICS, "ready"],
  interval: 10,
  timeout: 5,
  retries: 3,
  startPeriod: 15,
};
