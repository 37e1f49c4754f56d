import { randomBytes } from "node:crypto";
import { docker } from "../servers/docker";
import { testLabel } from "../servers/stale-containers";

const DAILY = { STACK: "office", TZ: "UTC", BACKUP_TIME: "0200", KEEP_DAILY: "7", KEEP_MONTHLY: "12" };
const NOTHING = { DATABASES: "", PING_URL: "", OFFSITE: "" };

/** The backup container without a stack and without a schedule. */
export class BackupContainer {
  private constructor(private readonly name: string) {}

  static async start(settings: Partial<typeof NOTHING> = {}, s3Credentials = ""): Promise<BackupContainer> {
    const name = `berth-test-backups-${randomBytes(4).toString("hex")}`;
    const image = `${name}:test`;
    await docker("build", "--quiet", "--tag", image, "components/data/backups");
    const env = Object.entries({ ...DAILY, ...NOTHING, ...settings }).flatMap(([key, value]) => [
      "--env",
      `${key}=${value}`,
    ]);
    await docker(
      ...["run", "--detach", "--name", name, ...testLabel, "--init", ...env],
      ...["--entrypoint", "sleep", image, "infinity"],
    );
    const container = new BackupContainer(name);
    await container.inside(`
      mkdir -p /run/secrets /work /srv/backups/journal /backup/files /backup/databases
      printf passphrase >/run/secrets/passphrase
      printf '${s3Credentials}' >/run/secrets/s3-credentials`);
    // Restic adapts the cost of its key to this machine's speed; a slow CPU makes it cheap, since tests use it hundreds
    // of times.
    await docker("update", "--cpus", "0.02", name);
    await container.restic("init");
    if (settings.OFFSITE) await container.restic("init", settings.OFFSITE);
    await docker("update", "--cpus", "2", name);
    return container;
  }

  /** Runs a script in the container. */
  inside(script: string): Promise<string> {
    return docker("exec", this.name, "sh", "-euc", script);
  }

  /** Runs a backup command and returns its output. @throws with the output when it fails. */
  run(...words: string[]): Promise<string> {
    return this.inside(`sh /opt/berth/backups.sh ${words.join(" ")} 2>&1`);
  }

  restic(words: string, repository = "/srv/backups/repository", passphrase = "passphrase"): Promise<string> {
    return this.inside(`
      export RESTIC_PASSWORD='${passphrase}' AWS_SHARED_CREDENTIALS_FILE=/run/secrets/s3-credentials
      restic --quiet --repo '${repository}' ${words}`);
  }

  async stop(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.name);
    await docker("rmi", "--force", `${this.name}:test`);
  }
}
