import { expect } from "vitest";
import { docker } from "../servers/docker";
import { PrivateRegistry } from "../servers/registry";
import { StandInServer } from "../servers/server";
import { Deployment } from "./deployment";
import { type Visits, whileVisiting } from "./visitors";

export const NAMES = ["alpha", "beta", "gamma"] as const;
export type Name = (typeof NAMES)[number];

/** DevPortal on three servers: alpha has the data and an edge, beta an edge, gamma neither. */
export class ThreeServers {
  private constructor(
    readonly servers: Record<Name, StandInServer>,
    /** Not the one of `host`, which is a second one of the stand-in: packets between containers come from the first. */
    readonly addresses: Record<Name, string>,
    readonly registry: PrivateRegistry,
  ) {}
  deployment!: Deployment;

  static async start(): Promise<ThreeServers> {
    const [alpha, beta, gamma, registry] = await Promise.all([
      StandInServer.start({ name: "alpha", engine: "trixie" }),
      StandInServer.start({ name: "beta", engine: "trixie" }),
      StandInServer.start({ name: "gamma", engine: "trixie" }),
      PrivateRegistry.start(),
    ]);
    const addresses = { alpha: await ownAddress(alpha), beta: await ownAddress(beta), gamma: await ownAddress(gamma) };
    const three = new ThreeServers({ alpha, beta, gamma }, addresses, registry);
    await registry.trustHere();
    // One key signs in to all.
    const key = await alpha.exec("cat /root/.ssh/authorized_keys");
    for (const server of [alpha, beta, gamma]) {
      await registry.trustOn(server);
      await server.exec("cat >/root/.ssh/authorized_keys", key);
    }
    three.deployment = await Deployment.create("cluster", three.configuration(), { project: "examples/devportal" });
    three.deployment.environment["SSL_CERT_FILE"] = registry.bundleFile;
    await three.deployment.setSecret("registryPassword", registry.password);
    return three;
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.servers).map((server) => server.stop()));
    await this.registry.stop();
    this.deployment.remove();
  }

  /** The settings of the stack on these servers. */
  configuration(names: readonly Name[] = NAMES): Record<string, unknown> {
    const roles = { alpha: ["data", "edge"], beta: ["edge"], gamma: [] };
    const servers = names.map((name) => {
      const { address: host, hostKey } = this.servers[name];
      return [name, { host, hostKey, address: this.addresses[name], roles: roles[name] }];
    });
    const { serverHost: _, serverHostKey: __, ...shared } = this.servers.alpha.settings;
    return {
      ...shared,
      serverKeyFile: this.servers.alpha.keyFile,
      servers: Object.fromEntries(servers),
      siteName: "portal.example.test",
      registryAddress: this.registry.address,
      registryUsername: this.registry.username,
      allowedOrigins: [],
      hardeningFirewall: true,
      replicas: 3,
      drainSeconds: 5,
      signInsPerMinute: 6000,
      requestsPerSecond: 10_000,
    };
  }

  /** The settings of the stack on the data server alone. */
  configurationAlone(): Record<string, unknown> {
    const { serverHost, serverHostKey } = this.servers.alpha.settings;
    const { servers: _, ...rest } = this.configuration();
    return { ...rest, serverHost, serverHostKey };
  }

  readonly health = (name: Name): string => `http://${this.servers[name].address}/health`;

  /** Requests through edges until the work is done; through all by default. */
  readonly throughEdges = (
    work: () => Promise<unknown>,
    edges: readonly Name[] = ["alpha", "beta"],
  ): Promise<Visits[]> => {
    let done: Promise<unknown> | undefined;
    const once = () => {
      done ??= work();
      return done;
    };
    return Promise.all(edges.map((name) => whileVisiting(this.health(name), once)));
  };

  /** Running containers of a service by server. */
  readonly replicas = async (service: string, on: readonly Name[] = NAMES): Promise<Partial<Record<Name, number>>> => {
    const filters = [`label=berth.stack=${this.deployment.stack}`, `label=berth.service=${service}`];
    const words = filters.flatMap((one) => ["--filter", one]);
    const counts = on.map(async (name) => {
      const ids = await this.servers[name].docker("ps", "--quiet", ...words);
      return [name, ids.split("\n").filter((id) => id !== "").length] as const;
    });
    return Object.fromEntries(await Promise.all(counts));
  };
}

/** The sum of containers on several servers. */
export const sum = (counts: Partial<Record<Name, number>>) => Object.values(counts).reduce((all, one) => all + one, 0);

export function expectUnnoticed(visits: Visits[]): void {
  for (const { answered, failures } of visits) {
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(20);
  }
}

/** At most one failed request, and one in 10,000. */
export function expectHardlyNoticed(visits: Visits[]): void {
  for (const { answered, failures } of visits) expect(failures.length).toBeLessThanOrEqual(1 + answered / 10_000);
}

const ownAddress = ({ container }: StandInServer) =>
  docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", container);
