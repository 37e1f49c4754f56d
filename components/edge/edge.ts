import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { type ContainerSpec, container } from "../app/container";
import { healthGate } from "../app/gate";
import type { WebService } from "../app/web-service";
import { nginxConfFrom } from "./nginx-conf";

export interface EdgeArgs extends Pick<ContainerSpec, "network" | "image" | "volumes" | "memory" | "transform"> {
  /** Template of nginx.conf, e.g. `./nginx/nginx.conf`. It must listen on `unix:/run/edge.sock` for the health check. */
  template: string;
  /** Services the template proxies to, by the name it uses for them. */
  upstreams: Record<string, WebService>;
  /** Further values for the template. Default: none. */
  settings?: Record<string, string | number | boolean>;
  /** Port on the server. Default: 80. */
  httpPort?: number;
  /** Address of the server to listen on. Default: `0.0.0.0`, all. */
  address?: string;
  /** Seconds an old nginx may take to end the requests it has. Default: 60. */
  drain?: number;
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
    const { server } = args.network;
    const port = args.httpPort ?? 80;
    const sandbox = this.#sandbox(name, args, port);
    const health = {
      command: ["curl", "-fsS", "--unix-socket", HEALTH_SOCKET, "http://edge/"],
      interval: 5,
      timeout: 3,
      retries: 3,
    };

    const nginx = container(
      name,
      {
        ...args,
        files: { "/etc/nginx/nginx.conf": this.#configuration(args) },
        capabilities: ["CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID", "SETUID"],
        stopGrace: args.drain ?? 60,
      },
      {
        health,
        labels: { joins: sandbox.name },
        overrides: {
          networkMode: pulumi.interpolate`container:${sandbox.id}`,
          networksAdvanced: [],
          // Graceful: it stops to listen and ends the requests it has.
          stopSignal: "SIGQUIT",
          // The health check's socket must be gone after a crash, or nginx could not bind it again.
          tmpfs: { "/run": "" },
        },
      },
      { parent: this },
    );
    const gate = healthGate(name, { server, container: nginx, health }, this);
    this.url = gate.urn.apply(() => `http://${server.address}${port === 80 ? "" : `:${port}`}`);
    this.registerOutputs({ url: this.url });
  }

  #sandbox(name: string, args: EdgeArgs, port: number): docker.Container {
    return container(
      `${name}-sandbox`,
      { network: args.network, image: args.image, stopGrace: 1 },
      {
        single: true,
        overrides: {
          entrypoints: ["sleep"],
          command: ["infinity"],
          init: true,
          ports: [{ internal: 80, external: port, ip: args.address ?? "0.0.0.0" }],
          // Connections that wait in an old nginx's queue move to the new one (Linux ≥ 5.14).
          sysctls: { "net.ipv4.tcp_migrate_req": "1" },
        },
      },
      // Any image with `sleep` does, so a new one is no reason to interrupt.
      { parent: this, ignoreChanges: ["image", "labels"] },
    );
  }

  #configuration({ template, upstreams, settings }: EdgeArgs): pulumi.Output<string> {
    const hosts = Object.fromEntries(Object.entries(upstreams).map(([service, { upstreams }]) => [service, upstreams]));
    return pulumi.output(hosts).apply((known) => nginxConfFrom(template, { ...settings, upstreams: known }));
  }
}

const HEALTH_SOCKET = "/run/edge.sock";
