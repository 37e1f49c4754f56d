import { randomBytes } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/ports";
import { bridgeAddress, docker, run, until } from "./docker";
import { testLabel } from "./stale-containers";

/**
 * A name server (BIND) with one zone, in a container on the default bridge. Whoever has its key may change TXT records of the zone
 * (RFC 2136).
 */
export class NameServer {
  readonly keyName = "berth";
  readonly keyAlgorithm = "hmac-sha256";

  private constructor(
    readonly zone: string,
    /** Address and port, the same from this machine and from containers. */
    readonly address: string,
    /** The key in base64. */
    readonly key: string,
    private readonly container: string,
    private readonly folder: string,
  ) {}

  static async start(zone: string): Promise<NameServer> {
    const container = `berth-test-dns-${randomBytes(4).toString("hex")}`;
    const folder = await mkdtemp(join(tmpdir(), "berth-dns-"));
    const address = `${await bridgeAddress()}:${await freePort()}`;
    const server = new NameServer(zone, address, randomBytes(32).toString("base64"), container, folder);
    try {
      await writeFile(join(folder, "named.conf"), server.configuration());
      await writeFile(join(folder, "zone"), ZONE);
      await run("docker", ["build", "--quiet", "--tag", IMAGE, "-"], DOCKERFILE);
      await docker(
        ...["run", "--detach", "--name", container, ...testLabel, "--init", "--volume", `${folder}:/given:ro`],
        ...["--publish", `${address}:53/udp`, "--publish", `${address}:53/tcp`, IMAGE],
      );
      await until("the name server", 20, () => server.#resolver().resolveSoa(zone));
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Texts of the TXT records of a name; none if it has none. */
  async texts(name: string): Promise<string[]> {
    const found = await this.#resolver()
      .resolveTxt(name)
      .catch(() => []);
    return found.flat();
  }

  /** Names of the records that were added since the start. */
  async added(): Promise<string[]> {
    const log = (await run("sh", ["-c", `docker logs ${this.container} 2>&1`])).split("\n");
    return log.flatMap((line) => /adding an RR at '([^']+)' TXT/.exec(line)?.[1] ?? []);
  }

  /** Its address on the default bridge, where other containers there reach its port 53. */
  ownAddress(): Promise<string> {
    return docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", this.container);
  }

  async stop(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.container).catch(() => {});
    await rm(this.folder, { recursive: true, force: true });
  }

  #resolver(): Resolver {
    const resolver = new Resolver({ timeout: 1000, tries: 2 });
    resolver.setServers([this.address]);
    return resolver;
  }

  private configuration(): string {
    return `
options { directory "/var/lib/bind"; recursion no; dnssec-validation no; allow-transfer { none; }; };
controls { };
key "${this.keyName}" { algorithm ${this.keyAlgorithm}; secret "${this.key}"; };
zone "${this.zone}" {
  type primary;
  file "zone";
  update-policy { grant ${this.keyName} subdomain ${this.zone}. TXT; };
};
`;
  }
}

const IMAGE = "berth-test-name-server";

const DOCKERFILE = `
FROM debian:bookworm-slim
RUN apt-get update -qq \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends bind9 >/dev/null \\
 && rm -rf /var/lib/apt/lists/*
CMD ["sh", "-c", "cp /given/* /var/lib/bind && exec named -g -c /var/lib/bind/named.conf"]
`;

/** No name has an address: an authority cannot reach the site. */
const ZONE = `
$TTL 5
@ SOA ns hostmaster 1 3600 600 86400 5
@ NS ns
ns A 192.0.2.53
`;
