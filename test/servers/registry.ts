import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asRoot, bridgeAddress, docker, run, until } from "./docker";
import type { StandInServer } from "./server";
import { testLabel } from "./stale-containers";

const username = "berth";

/** A registry that requires a password and has a certificate of a private authority, as a company's would. */
export class PrivateRegistry {
  readonly username = username;
  private trustedHere = false;

  private constructor(
    private readonly container: string,
    private readonly directory: string,
    /** host:port, the prefix of image names; the same from this machine and from stand-in servers. */
    readonly address: string,
    readonly password: string,
    /** Path of its authority's certificate. */
    readonly caFile: string,
    /** Path of this machine's CA bundle with its authority added: a client's SSL_CERT_FILE. */
    readonly bundleFile: string,
  ) {}

  static async start(): Promise<PrivateRegistry> {
    const container = `berth-test-registry-${randomBytes(4).toString("hex")}`;
    const directory = await mkdtemp(join(tmpdir(), "berth-registry-"));
    try {
      const host = await bridgeAddress();
      const password = randomBytes(12).toString("hex");
      await createCertificates(directory, host);
      await writeFile(join(directory, "htpasswd"), `${username}:${await bcrypt(password)}\n`);
      await docker(
        ...["run", "--detach", "--name", container, ...testLabel],
        ...["--publish", `${host}::5000`, "--volume", `${directory}:/auth:ro`],
        ...[
          "--env",
          "REGISTRY_HTTP_TLS_CERTIFICATE=/auth/server.crt",
          "--env",
          "REGISTRY_HTTP_TLS_KEY=/auth/server.key",
        ],
        ...["--env", "REGISTRY_AUTH=htpasswd", "--env", "REGISTRY_AUTH_HTPASSWD_REALM=berth"],
        ...["--env", "REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd"],
        "registry:2",
      );
      const address = (await docker("port", container, "5000/tcp")).split("\n")[0] ?? "";
      await until("the registry", 20, async () => /listening on/.test(await logs(container)) || undefined);
      const [caFile, bundleFile] = [join(directory, "ca.crt"), join(directory, "bundle.crt")];
      const known = await readFile(process.env.SSL_CERT_FILE ?? "/etc/ssl/certs/ca-certificates.crt", "utf8");
      await writeFile(bundleFile, `${known}\n${await readFile(caFile, "utf8")}`);
      return new PrivateRegistry(container, directory, address, password, caFile, bundleFile);
    } catch (error) {
      await remove(container, directory);
      throw error;
    }
  }

  /** Makes the local Docker trust the registry's certificate; `stop` reverts it. */
  async trustHere(): Promise<void> {
    this.trustedHere = true;
    await asRoot(["mkdir", "-p", this.trustDirectory]);
    await asRoot(["tee", `${this.trustDirectory}/ca.crt`], await readFile(this.caFile, "utf8"));
  }

  /** Makes a server's Docker trust the registry's certificate. Docker need not be installed yet. */
  async trustOn(server: StandInServer): Promise<void> {
    await server.exec(
      `mkdir -p ${this.trustDirectory} && cat >${this.trustDirectory}/ca.crt`,
      await readFile(this.caFile, "utf8"),
    );
  }

  async stop(): Promise<void> {
    if (this.trustedHere) await asRoot(["rm", "-rf", this.trustDirectory]);
    await remove(this.container, this.directory);
  }

  private get trustDirectory(): string {
    return `/etc/docker/certs.d/${this.address}`;
  }
}

async function createCertificates(directory: string, host: string): Promise<void> {
  const openssl = (...args: string[]) => run("openssl", args);
  const [ca, key, crt] = [join(directory, "ca"), join(directory, "server.key"), join(directory, "server.crt")];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await openssl("req", "-x509", ...newKey, "-subj", "/CN=Berth test CA", "-keyout", `${ca}.key`, "-out", `${ca}.crt`);
  await openssl(
    ...["req", "-x509", ...newKey, "-subj", "/CN=Berth test registry", "-keyout", key, "-out", crt],
    ...["-CA", `${ca}.crt`, "-CAkey", `${ca}.key`, "-addext", `subjectAltName=IP:${host}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
  );
}

/** htpasswd format; the C library's crypt supports bcrypt, so no package is needed. */
function bcrypt(password: string): Promise<string> {
  const salt = `$2b$05$${randomBytes(11).toString("hex")}`;
  return run("perl", ["-e", "chomp(my $p = <STDIN>); print crypt($p, $ARGV[0]);", salt], `${password}\n`);
}

function logs(container: string): Promise<string> {
  return run("sh", ["-c", 'docker logs "$0" 2>&1', container]);
}

async function remove(container: string, directory: string): Promise<void> {
  await docker("rm", "--force", "--volumes", container).catch(() => {});
  await rm(directory, { recursive: true, force: true });
}
