import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { container } from "../app/container";
import { networksOf } from "../app/container-args";
import { type ContainerSpec, serverOf, stackOf } from "../app/container-spec";
import { healthGate, startGate } from "../app/gate";
import { limitsOf } from "../app/limits";
import { Door } from "../door/door";
import { doorNames } from "../door/names";
import { networksOn } from "../host/network";
import { placeOf } from "../host/scope";
import { inUrl, toAscii } from "../model/host-name";
import { TYPES } from "../model/types";
import { refuse } from "../problems";
import { type EdgeArgs, edgeProblems } from "./edge-args";
import { errorPages } from "./error-pages";
import { maintenanceVolume } from "./maintenance";
import { withMetrics } from "./metrics-location";
import { nginxConfFrom } from "./nginx-conf";
import { passwordFiles, passwordPaths } from "./password-files";
import { asciiRedirects } from "./redirects";
import { workersWithin } from "./workers";

/**
 * The stack's public reverse proxy, nginx. A sandbox container that never changes owns the published ports and the network
 * namespace. nginx joins this namespace and listens with `reuseport`, so a new nginx takes over from the old one without a refused
 * connection.
 */
export class Edge extends pulumi.ComponentResource {
  /** URL of the site. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, given: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPES.edge, name, {}, opts);
    const { home, edges } = placeOf(stackOf(given));
    const elsewhere = edges.some((server) => server !== home);
    refuse(`the edge ${name}`, [...edgeProblems(given), ...(elsewhere ? volumeProblems(given) : [])], this);
    const args = withMetrics(given);
    const reachable = edges.map((server) => {
      const networks = networksOn(args.networks, server);
      return this.#edge(`${name}${server.suffix}`, name, { ...args, networks });
    });
    args.certificate?.obtain?.(reachable[0] as pulumi.Resource);
    this.url = pulumi
      .all([args.siteName ?? edges[0]?.address ?? home.address, ...reachable.map(({ urn }) => urn)])
      .apply(([host = ""]) => publicUrl(host, args));
    this.registerOutputs({ url: this.url });
  }

  /** nginx on one server. Returns the resource with which visitors reach it. */
  #edge(name: string, alias: string, args: EdgeArgs): pulumi.Resource {
    const door = this.#door(name, args);
    const { sandbox, started } = this.#sandbox(name, alias, args, door);
    const health = {
      command: ["curl", "-fsS", "--unix-socket", HEALTH_SOCKET, "http://edge/"],
      interval: 5,
      timeout: 3,
      retries: 3,
    };
    const { networks, image, certificate, limits, transform } = args;
    const maintenance = maintenanceVolume(name, serverOf(args), this);
    const spec: ContainerSpec = {
      networks,
      image,
      files: {
        "/etc/nginx/nginx.conf": this.#configuration(args, door),
        ...errorPages({ own: args.errorPages, title: args.title }),
        ...passwordFiles(args.basicAuth ?? {}, placeOf(stackOf(args)).home.fingerprintKey),
        ...certificate?.files,
      },
      volumes: { ...args.volumes, ...certificate?.volumes, ...maintenance.volumes },
      // Request bodies are buffered on disk, as memory is limited.
      scratch: ["/var/tmp"],
      // In memory, so that a restart deletes the health check's socket, which nginx could not bind again.
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
        labels: { joins: sandbox.name, healthPath: args.healthPath ?? "/", ...(door && { behindDoor: "true" }) },
        overrides: {
          networkMode: pulumi.interpolate`container:${sandbox.id}`,
          networksAdvanced: [],
          // Graceful shutdown: nginx stops listening and completes its requests.
          stopSignal: "SIGQUIT",
        },
      },
      // The volume goes after the container that uses it.
      { parent: this, dependsOn: [maintenance.made] },
    );
    const dependencies = [
      started,
      ...Object.values(args.upstreams).flatMap(({ healthy }) => healthy),
      ...(certificate?.ready ? [certificate.ready] : []),
    ];
    const gate = healthGate(name, { spec, container: nginx, health, dependsOn: dependencies }, this);
    return door?.route({ nginx: nginx.id, ready: gate }) ?? gate;
  }

  #door(name: string, args: EdgeArgs): Door | undefined {
    if (!args.frontDoor) return undefined;
    const names = doorNames(args.frontDoor.names, args.redirects);
    return new Door(`${name}-door`, { stack: stackOf(args), names }, { parent: this });
  }

  #sandbox(
    name: string,
    alias: string,
    args: EdgeArgs,
    door?: Door,
  ): { sandbox: docker.Container; started: pulumi.Resource } {
    const { networks, image } = args;
    const limits = { memory: 32, cpus: 0.1, pids: 10 };
    // The containers of the stack reach nginx by the edge's name.
    const spec: ContainerSpec = { networks, aliases: [alias], image, user: "65534:65534", limits, stopGrace: 1 };
    const sandbox = container(
      `${name}-sandbox`,
      spec,
      {
        single: true,
        overrides: {
          entrypoints: ["sleep"],
          command: ["infinity"],
          init: true,
          ...(door
            ? { networksAdvanced: [...networksOf([`${name}-sandbox`, alias], networks), door.network] }
            : { ports: publicPorts(args) }),
          sysctls: {
            // Connections that wait in an old nginx's queue move to the new one (Linux ≥ 5.14).
            "net.ipv4.tcp_migrate_req": "1",
            // Lets nginx listen on ports 80 and 443 without a capability.
            "net.ipv4.ip_unprivileged_port_start": "0",
          },
        },
      },
      // Any image with `sleep` works, so an image change must not replace the sandbox: that causes downtime.
      { parent: this, ignoreChanges: ["image", "labels"], ...(door && { dependsOn: door.joined }) },
    );
    return { sandbox, started: startGate(`${name}-sandbox`, { spec, container: sandbox }, this) };
  }

  #configuration(args: EdgeArgs, door?: Door): pulumi.Output<string> {
    const {
      template,
      certificate,
      settings,
      locations,
      redirects,
      allow,
      basicAuth = {},
      socketIdle,
      logFormat,
    } = args;
    const services = Object.entries(args.upstreams);
    const hosts = Object.fromEntries(services.map(([name, { upstreams }]) => [name, upstreams]));
    const releases = Object.fromEntries(services.map(([name, { release }]) => [name, release]));
    const tls = certificate && {
      port: args.httpsPort ?? 443,
      chain: certificate.chain,
      key: certificate.key,
      renewed: certificate.volumes !== undefined,
      challenges: certificate.challenges,
    };
    const before = door && { address: door.address, names: door.names };
    return pulumi.all([hosts, before, releases]).apply(([upstreams, frontDoor, releaseOf]) =>
      nginxConfFrom(template, {
        ...settings,
        upstreams,
        releases: releaseOf,
        ...(logFormat && { logFormat }),
        passwords: passwordPaths(basicAuth),
        httpPort: args.httpPort ?? 80,
        workers: workersWithin(limitsOf(args)),
        drainSeconds: args.drain ?? 60,
        ...(args.healthPath !== undefined && { healthPath: args.healthPath }),
        ...(locations && { locations }),
        ...(redirects && { redirects: asciiRedirects(redirects) }),
        ...(allow && { allow }),
        ...(args.trustedProxies && { trustedProxies: args.trustedProxies }),
        ...(socketIdle !== undefined && { socketIdle }),
        ...(frontDoor && { frontDoor }),
        ...(tls && { tls }),
      }),
    );
  }
}

const HEALTH_SOCKET = "/run/nginx/edge.sock";

/** Errors in an edge that also runs on servers without the stack's volumes, a sentence each. */
function volumeProblems({ volumes = {}, certificate }: EdgeArgs): string[] {
  const paths = Object.keys(volumes);
  return [
    ...(certificate?.volumes
      ? [
          "certificate: is in a volume of the data server, which the other servers do not see. Use one of your own (tls own).",
        ]
      : []),
    ...(paths.length > 0
      ? [`volumes: ${paths.join(", ")} is on the data server only. Give the role edge to that server alone.`]
      : []),
  ];
}

/** The ports of an edge without a front door. */
function publicPorts({ address = "0.0.0.0", certificate, httpPort = 80, httpsPort = 443 }: EdgeArgs) {
  return [address]
    .flat()
    .flatMap((ip) => [
      { internal: 80, external: httpPort, ip },
      ...(certificate ? [{ internal: 443, external: httpsPort, ip }] : []),
    ]);
}

function publicUrl(host: string, { certificate, httpPort = 80, httpsPort = 443 }: EdgeArgs): string {
  const [scheme, port, defaultPort] = certificate ? ["https", httpsPort, 443] : ["http", httpPort, 80];
  return `${scheme}://${inUrl(toAscii(host))}${port === defaultPort ? "" : `:${port}`}`;
}
