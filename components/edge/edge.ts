import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { container } from "../app/container";
import { type ContainerSpec, serverOf } from "../app/container-spec";
import { healthGate, startGate } from "../app/gate";
import type { WebService } from "../app/web-service";
import type { Certificate } from "./certificate";
import { nginxConfFrom } from "./nginx-conf";

export interface EdgeArgs extends Pick<ContainerSpec, "networks" | "image" | "volumes" | "limits" | "transform"> {
  /**
   * Template of nginx.conf (Eta), e.g. `./nginx/nginx.conf`. It includes the common parts `@main`, `@http` and `@server`, and gets
   * `upstreams`, `tls`, `drainSeconds` and `settings` as `it.<name>`.
   */
  template: string;
  /** Services the template proxies to, by the name it uses for them. */
  upstreams: Record<string, WebService>;
  /** Further values for the template. Default: none. */
  settings?: Record<string, string | number | boolean>;
  /** Certificate for HTTPS. Default: none, plain HTTP only. */
  certificate?: Certificate | undefined;
  /** Port on the server for HTTP. Default: 80. */
  httpPort?: number;
  /** Port on the server for HTTPS. Default: 443. */
  httpsPort?: number;
  /** Name people reach the site at. Default: the server's. */
  siteName?: string;
  /** Address of the server to listen on. Default: `0.0.0.0`, all. */
  address?: string;
  /** What `make status` asks the site for: a path that is answered with 2xx or 3xx when all is well. Default: `/`. */
  healthPath?: string;
  /** Seconds an old nginx may take to end the requests it has. Default: 60. */
  drain?: number;
  /** Numeric `uid:gid` of nginx in its image. Default: `101:101`, that of the official images. */
  user?: string;
}

/**
 * The only way in. A sandbox that never changes owns the published ports and the network namespace; nginx runs inside
 * it and listens with `reuseport`, so a new nginx takes over from the old one without a refused connection.
 */
export class Edge extends pulumi.ComponentResource {
  /** Where the stack answers. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:edge:Edge", name, {}, opts);
    const { sandbox, started } = this.#sandbox(name, args);
    const health = {
      command: ["curl", "-fsS", "--unix-socket", HEALTH_SOCKET, "http://edge/"],
      interval: 5,
      timeout: 3,
      retries: 3,
    };
    const { networks, image, certificate, limits, transform } = args;
    const spec: ContainerSpec = {
      networks,
      image,
      files: { "/etc/nginx/nginx.conf": this.#configuration(args), ...certificate?.files },
      volumes: { ...args.volumes, ...certificate?.volumes },
      // Bodies of requests wait on the disk, as memory is limited.
      scratch: ["/var/cache/nginx"],
      // The health check's socket must be gone after a crash, or nginx could not bind it again.
      tmpfs: ["/run/nginx", "/tmp"],
      user: args.user ?? "101:101",
      ...(limits && { limits }),
      stopGrace: args.drain ?? 60,
      ...(transform && { transform }),
    };
    const nginx = container(
      name,
      spec,
      {
        health,
        labels: { joins: sandbox.name, healthPath: args.healthPath ?? "/" },
        overrides: {
          networkMode: pulumi.interpolate`container:${sandbox.id}`,
          networksAdvanced: [],
          // Graceful: it stops to listen and ends the requests it has.
          stopSignal: "SIGQUIT",
        },
      },
      { parent: this },
    );
    const needed = [
      started,
      ...Object.values(args.upstreams).flatMap(({ healthy }) => healthy),
      ...(certificate?.ready ? [certificate.ready] : []),
    ];
    const gate = healthGate(name, { spec, container: nginx, health, dependsOn: needed }, this);
    certificate?.obtain?.(gate);
    this.url = pulumi.all([args.siteName ?? serverOf(args).address, gate.urn]).apply(([host]) => publicUrl(host, args));
    this.registerOutputs({ url: this.url });
  }

  #sandbox(name: string, args: EdgeArgs): { sandbox: docker.Container; started: pulumi.Resource } {
    const { networks, image, address: ip = "0.0.0.0", certificate, httpPort = 80, httpsPort = 443 } = args;
    const limits = { memory: 32, cpus: 0.1, pids: 10 };
    const spec: ContainerSpec = { networks, image, user: "65534:65534", limits, stopGrace: 1 };
    const sandbox = container(
      `${name}-sandbox`,
      spec,
      {
        single: true,
        overrides: {
          entrypoints: ["sleep"],
          command: ["infinity"],
          init: true,
          ports: [
            { internal: 80, external: httpPort, ip },
            ...(certificate ? [{ internal: 443, external: httpsPort, ip }] : []),
          ],
          sysctls: {
            // Connections that wait in an old nginx's queue move to the new one (Linux ≥ 5.14).
            "net.ipv4.tcp_migrate_req": "1",
            // So nginx needs no capability for ports 80 and 443.
            "net.ipv4.ip_unprivileged_port_start": "0",
          },
        },
      },
      // Any image with `sleep` does, so a new one is no reason to interrupt.
      { parent: this, ignoreChanges: ["image", "labels"] },
    );
    return { sandbox, started: startGate(`${name}-sandbox`, { spec, container: sandbox }, this) };
  }

  #configuration({
    template,
    upstreams,
    settings,
    certificate,
    httpsPort = 443,
    drain = 60,
  }: EdgeArgs): pulumi.Output<string> {
    const hosts = Object.fromEntries(Object.entries(upstreams).map(([service, { upstreams }]) => [service, upstreams]));
    const tls = certificate && {
      port: httpsPort,
      chain: certificate.chain,
      key: certificate.key,
      renewed: certificate.volumes !== undefined,
      challenges: certificate.challenges,
    };
    return pulumi
      .output(hosts)
      .apply((known) =>
        nginxConfFrom(template, { ...settings, upstreams: known, drainSeconds: drain, ...(tls && { tls }) }),
      );
  }
}

const HEALTH_SOCKET = "/run/nginx/edge.sock";

function publicUrl(host: string, { certificate, httpPort = 80, httpsPort = 443 }: EdgeArgs): string {
  const [scheme, port, usual] = certificate ? ["https", httpsPort, 443] : ["http", httpPort, 80];
  return `${scheme}://${host}${port === usual ? "" : `:${port}`}`;
}
