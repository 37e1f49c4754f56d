import * as pulumi from "@pulumi/pulumi";
import { serverOf } from "../app/container-spec";
import { WebService } from "../app/web-service";
import { Worker } from "../app/worker";
import type { Postgres } from "../data/postgres";
import type { Redis } from "../data/redis";
import type { Network } from "../host/network";
import { DEFAULT_IMAGES } from "../model/default-images";
import { isNetwork } from "../model/host-name";
import { refuse } from "../problems";
import { Secret } from "../secret";
import { hostMetrics } from "./host-metrics";
import { metricsNginxConf, PARTS_FILE, PORT, parts, type Source } from "./nginx-conf";

export interface MetricsArgs {
  /**
   * The networks of the databases and, for a scraper, of the edge. Docker publishes the port in a network that is not internal.
   */
  networks: readonly Network[];
  /** Port of the endpoint on the server's loopback address. Default: none. */
  loopbackPort?: number | undefined;
  /** A Prometheus that reads the metrics through the site, at `/metrics` of the edge with the argument `metrics`. Default: none. */
  scraper?: ScraperArgs | undefined;
  /** Database server to measure. Default: none. */
  postgres?: Postgres | undefined;
  /** Redis server to measure. Default: none. */
  redis?: Redis | undefined;
  /** Host names of the site. Requests for other names are counted as the site `other`. Default: none. */
  sites?: readonly string[];
}

/** A Prometheus elsewhere. */
export interface ScraperArgs {
  /** Its name for basic authentication. */
  name: string;
  /** Its password. Default: a generated one. */
  password?: pulumi.Input<string> | undefined;
  /** Addresses and networks that it may come from. Default: those that may access the site. */
  addresses?: readonly string[];
}

/** What the edge needs to let a scraper in. */
export interface Scraper {
  name: string;
  password: pulumi.Output<string>;
  addresses: readonly string[];
  /** The endpoint. */
  service: WebService;
}

/**
 * Metrics of a stack in Prometheus' text format, at `/metrics` of a port of the server's loopback address, and of the site for a named
 * scraper: of the server (Prometheus' node exporter), containers, requests, backups and scheduled jobs (a systemd timer on the server
 * writes them for the node exporter), PostgreSQL and Redis (an exporter each). Without SSH, on this machine's engine, only those of PostgreSQL and Redis. The
 * server needs systemd, and root or sudo without a password.
 *
 * @example
 * const metrics = new berth.Metrics("metrics", { networks: [front, back], loopbackPort: 9100, postgres });
 * new berth.Edge("nginx", { …, metrics });
 * @throws pulumi.ResourceError that names what is wrong with the arguments.
 */
export class Metrics extends pulumi.ComponentResource {
  /** The scraper that the edge lets in; undefined without the argument `scraper`. */
  readonly scraper: Scraper | undefined;

  constructor(name: string, args: MetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:metrics:Metrics", name, {}, opts);
    refuse(`the metrics ${name}`, metricsProblems(args), this);
    const { networks, loopbackPort, scraper, postgres, redis, sites = [] } = args;
    const host = serverOf(args).isRemote ? hostMetrics(name, { server: serverOf(args), sites }, this) : undefined;
    const sources: Source[] = [
      ...(host ? [{ name: "server", address: `${SOCKETS}/${host.socket}` }] : []),
      ...(postgres ? [this.#postgres(name, networks, postgres)] : []),
      ...(redis ? [this.#redis(name, networks, redis)] : []),
    ];
    const service = new WebService(
      name,
      {
        networks,
        image: DEFAULT_IMAGES.metrics,
        port: PORT,
        ...(loopbackPort !== undefined && { loopbackPorts: { [loopbackPort]: PORT } }),
        files: { "/etc/nginx/nginx.conf": metricsNginxConf(sources), [PARTS_FILE]: parts(sources) },
        ...(host && { folders: { [SOCKETS]: host.folder } }),
        tmpfs: ["/run/nginx", "/tmp"],
        // The user `nginx` of the official image.
        user: "101:101",
        health: { command: ["curl", "-fsS", "-o", "/dev/null", `http://127.0.0.1:${PORT}/health`] },
        limits: { memory: 32, cpus: 0.25, pids: 10 },
        stopGrace: 5,
      },
      { parent: this },
    );
    this.scraper = scraper && {
      name: scraper.name,
      password: new Secret(`${name}-scraper-password`, { value: scraper.password }, { parent: this }).value,
      addresses: scraper.addresses ?? [],
      service,
    };
    this.registerOutputs({});
  }

  #postgres(name: string, networks: readonly Network[], postgres: Postgres): Source {
    const service = `${name}-postgres`;
    const { host, port, database } = postgres;
    const { login, password } = postgres.monitor("metrics", this);
    new Worker(
      service,
      {
        networks,
        image: DEFAULT_IMAGES.postgresExporter,
        env: {
          DATA_SOURCE_URI: `${host}:${port}/${database}?sslmode=disable&application_name=berth-metrics`,
          DATA_SOURCE_USER: login,
          DATA_SOURCE_PASS_FILE: PASSWORD_FILE,
        },
        files: { [PASSWORD_FILE]: password },
        ...EXPORTER,
        health: answers("http://127.0.0.1:9187/"),
      },
      { parent: this },
    );
    return { name: "postgres", address: `${service}:9187` };
  }

  #redis(name: string, networks: readonly Network[], redis: Redis): Source {
    const service = `${name}-redis`;
    const url = `redis://${redis.host}:${redis.port}`;
    const { login, password } = redis.monitor("metrics", this);
    new Worker(
      service,
      {
        networks,
        image: DEFAULT_IMAGES.redisExporter,
        env: {
          REDIS_ADDR: url,
          REDIS_USER: login,
          REDIS_PASSWORD_FILE: PASSWORD_FILE,
          // No command but those that the login may run, and no metrics of the exporter itself, which the other exporter has too.
          REDIS_EXPORTER_CONFIG_COMMAND: "-",
          REDIS_EXPORTER_REDIS_ONLY_METRICS: "true",
        },
        files: {
          [PASSWORD_FILE]: pulumi
            .all([login, password])
            // Versions of the exporter differ in whether they look for the address with the user.
            .apply(([user, secret]) => JSON.stringify({ [url]: secret, [url.replace("//", `//${user}@`)]: secret })),
        },
        ...EXPORTER,
        health: answers("http://127.0.0.1:9121/health"),
      },
      { parent: this },
    );
    return { name: "redis", address: `${service}:9121` };
  }
}

/** Folder of the node exporter's socket in the endpoint's container. */
const SOCKETS = "/srv/server";
const PASSWORD_FILE = "/run/secrets/password";

const EXPORTER = {
  // The user `nobody`: the exporters write nothing.
  user: "65534:65534",
  limits: { memory: 64, cpus: 0.25, pids: 50 },
  stopGrace: 5,
};

function answers(url: string) {
  return { command: ["wget", "-q", "-O", "/dev/null", url], interval: 30 };
}

/** Errors in the arguments, a sentence each. */
export function metricsProblems({ loopbackPort, scraper }: Pick<MetricsArgs, "loopbackPort" | "scraper">): string[] {
  const { name = "", addresses = [] } = scraper ?? {};
  return [
    ...(loopbackPort === undefined && !scraper
      ? ["loopbackPort or scraper: nobody can read the metrics. Name a port, or a scraper."]
      : []),
    ...(!scraper || /^[\w.-]+$/.test(name)
      ? []
      : [`scraper: the name "${name}" can contain only letters, digits and . _ -.`]),
    ...addresses
      .filter((network) => !isNetwork(network))
      .map((network) => `scraper: "${network}" is not an address or network such as 192.0.2.7 or 10.0.0.0/8.`),
  ];
}
