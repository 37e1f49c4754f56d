import { randomBytes } from "node:crypto";
import { freePort } from "../support/ports";
import { bridgeAddress, docker, run, until } from "./docker";
import { testLabel } from "./stale-containers";

const BUCKET = "office-backups";

/** An S3 storage (Versity's gateway on a folder), in a container on the default bridge. */
export class S3TestServer {
  readonly bucket = BUCKET;

  private constructor(
    private readonly container: string,
    /** Its address, the same from this machine and from stand-in servers. */
    readonly endpoint: string,
    readonly accessKeyId: string,
    readonly secretAccessKey: string,
  ) {}

  static async start(): Promise<S3TestServer> {
    const container = `berth-test-s3-${randomBytes(4).toString("hex")}`;
    const [keyId, key] = [randomBytes(8).toString("hex"), randomBytes(16).toString("hex")];
    // A fixed port, since Docker would choose another one after a restart.
    const address = `${await bridgeAddress()}:${await freePort()}`;
    const programs = await run("test/servers/go/build.sh", ["test/servers/go/s3", "an S3 server for tests"]);
    const call = ["/programs/versitygw", "--port", ":7070", "posix", "--sidecar", "/data/meta", "/data/objects"];
    try {
      await docker(
        ...["run", "--detach", "--name", container, ...testLabel, "--init"],
        ...["--publish", `${address}:7070`, "--volume", `${programs}:/programs:ro`],
        ...["--env", `ROOT_ACCESS_KEY=${keyId}`, "--env", `ROOT_SECRET_KEY=${key}`],
        ...[
          "debian:bookworm-slim",
          "sh",
          "-c",
          `mkdir -p /data/objects/${BUCKET} /data/meta && exec ${call.join(" ")}`,
        ],
      );
      const server = new S3TestServer(container, `http://${address}`, keyId, key);
      await until("the S3 server", 20, () => fetch(server.endpoint));
      return server;
    } catch (error) {
      await docker("rm", "--force", "--volumes", container).catch(() => undefined);
      throw error;
    }
  }

  /** Whether any stored object contains these bytes. */
  async contains(bytes: Uint8Array): Promise<boolean> {
    const pattern = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
    const found = await docker(
      ...["exec", this.container, "sh", "-c"],
      `find /data/objects -type f | wc -l; LC_ALL=C grep -rlP '${pattern}' /data/objects || true`,
    );
    const [count, ...files] = found.split("\n");
    if (!(Number(count) > 0)) throw new Error("nothing is stored there");
    return files.length > 0;
  }

  /** Stops responding until `resume`. */
  async pause(): Promise<void> {
    await docker("stop", "--time", "1", this.container);
  }

  async resume(): Promise<void> {
    await docker("start", this.container);
    await until("the S3 server", 20, () => fetch(this.endpoint));
  }

  async stop(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.container);
  }
}
