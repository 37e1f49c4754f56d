import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/ports";
import { bridgeAddress, docker, run, until } from "./docker";
import { testLabel } from "./stale-containers";

export interface AcmeTestServerOptions {
  /** Validity of its certificates in seconds. Default: 90 days. */
  validitySeconds?: number;
  /** Port of the HTTP challenge. Default: 80, as the protocol requires. */
  httpPort?: number;
  /** Address and port of the name server that it asks. Default: one of its own, see `resolve`. */
  nameServer?: string;
}

/**
 * A certificate authority that speaks ACME (Pebble), in a container on the default bridge. It validates names over HTTP
 * on port 80, at the addresses set with `resolve`, or over DNS at a name server. Each start creates new roots.
 */
export class AcmeTestServer {
  private constructor(
    private readonly container: string,
    private readonly folder: string,
    /** URL of its directory, the same from this machine and from stand-in servers. */
    readonly directory: string,
    /** CA certificate (PEM) of the directory's own HTTPS. */
    readonly authority: string,
  ) {}

  static async start({
    validitySeconds = 90 * 86_400,
    httpPort = 80,
    nameServer = "127.0.0.1:8053",
  }: AcmeTestServerOptions = {}): Promise<AcmeTestServer> {
    const container = `berth-test-acme-${randomBytes(4).toString("hex")}`;
    const folder = await mkdtemp(join(tmpdir(), "berth-acme-"));
    try {
      const host = await bridgeAddress();
      // A fixed port, since Docker would choose another one after a restart.
      const address = `${host}:${await freePort()}`;
      await createCertificates(folder, host);
      await writeFile(join(folder, "pebble.json"), JSON.stringify(configuration(validitySeconds, httpPort)));
      const programs = await run("test/servers/go/build.sh", [
        "test/servers/go/acme",
        "Pebble, a certificate authority for tests",
      ]);
      await docker(
        ...["run", "--detach", "--name", container, ...testLabel, "--init"],
        ...[
          "--publish",
          `${address}:${PORT}`,
          "--volume",
          `${folder}:/acme:ro`,
          "--volume",
          `${programs}:/programs:ro`,
        ],
        ...["--env", "PEBBLE_VA_NOSLEEP=1", "--env", "PEBBLE_WFE_NONCEREJECT=0"],
        ...["debian:bookworm-slim", "sh", "-c", START, "sh", nameServer],
      );
      const authority = await readFile(join(folder, "ca.crt"), "utf8");
      const server = new AcmeTestServer(container, folder, `https://${address}/dir`, authority);
      await until("the ACME server", 20, () => server.ask(server.directory));
      return server;
    } catch (error) {
      await remove(container, folder);
      throw error;
    }
  }

  /** Resolves one name, or all names without an address of their own, to an address. */
  async resolve(address: string, name?: string): Promise<void> {
    const [path, body] = name
      ? ["add-a", { host: `${name}.`, addresses: [address] }]
      : ["set-default-ipv4", { ip: address }];
    const answer = await fetch(`http://${await this.ownAddress()}:8055/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The DNS server of the tests answers ${answer.status} to ${path}`);
  }

  /** Root certificate (PEM) of the certificates it issues. */
  async roots(): Promise<string> {
    return this.ask(`https://${await this.ownAddress()}:15000/roots/0`);
  }

  /** Refuses all connections until `comeOnline`, and keeps its state. */
  async goOffline(): Promise<void> {
    await docker("network", "disconnect", "bridge", this.container);
  }

  async comeOnline(): Promise<void> {
    await docker("network", "connect", "bridge", this.container);
    await until("the ACME server", 20, () => this.ask(this.directory));
  }

  async stop(): Promise<void> {
    await remove(this.container, this.folder);
  }

  private ownAddress(): Promise<string> {
    return docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", this.container);
  }

  private ask(url: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { ca: this.authority, checkServerIdentity: () => undefined }, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => resolve(Buffer.concat(parts).toString()));
      });
      asked.on("error", reject);
      asked.end();
    });
  }
}

const PORT = 14000;

const START = `/programs/pebble-challtestsrv -http01 '' -https01 '' -tlsalpn01 '' -doh '' -defaultIPv6 '' &
exec /programs/pebble -config /acme/pebble.json -dnsserver "$1"`;

function configuration(validityPeriod: number, httpPort: number) {
  return {
    pebble: {
      listenAddress: `0.0.0.0:${PORT}`,
      managementListenAddress: "0.0.0.0:15000",
      certificate: "/acme/server.crt",
      privateKey: "/acme/server.key",
      httpPort,
      tlsPort: 443,
      keyAlgorithm: "ecdsa",
      profiles: { default: { description: "The only one", validityPeriod } },
    },
  };
}

async function createCertificates(folder: string, host: string): Promise<void> {
  const file = (name: string) => join(folder, name);
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await run("openssl", [
    ...["req", "-x509", ...newKey, "-subj", "/CN=Berth test CA", "-keyout", file("ca.key"), "-out", file("ca.crt")],
  ]);
  await run("openssl", [
    ...["req", "-x509", ...newKey, "-subj", "/CN=Berth test ACME"],
    ...["-keyout", file("server.key"), "-out", file("server.crt"), "-CA", file("ca.crt"), "-CAkey", file("ca.key")],
    ...["-addext", `subjectAltName=IP:${host}`, "-addext", "basicConstraints=critical,CA:FALSE"],
  ]);
}

async function remove(container: string, folder: string): Promise<void> {
  await docker("rm", "--force", "--volumes", container).catch(() => {});
  await rm(folder, { recursive: true, force: true });
}
