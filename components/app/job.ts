import * as pulumi from "@pulumi/pulumi";
import { Image } from "../build/image";
import { container } from "./container";
import { type ContainerSpec, type StartOrder, scopeOfContainer } from "./container-spec";
import { completionGate } from "./gate";

/** Takes a backup before a job, e.g. `Backups`. */
export interface BackupBefore {
  /** Takes a backup named after the release if `migrations` differ from those of the last release. */
  before(release: string, migrations: string): pulumi.Resource;
}

export interface JobArgs extends ContainerSpec, StartOrder {
  /** Timeout in seconds. Default: 600. */
  timeout?: number;
  /**
   * Fingerprint of the files that change data, e.g. migrations. A plan reports a data change if it differs from the last release's.
   * Default: unknown, so that a plan reports a data change for every run.
   */
  migrations?: string;
  /**
   * Takes a backup named after the release before the job runs, if `migrations` differ from those of the last release. If the backup
   * fails, the release fails. Requires `migrations`, and an `Image` as `image`. Default: none.
   */
  backup?: BackupBefore | undefined;
}

/**
 * A container that runs once in each release that changes it, e.g. migrations. Containers of the same image that follow it in the
 * program wait until it has succeeded. If it fails, the release prints its output and fails, and the previous version keeps serving.
 * It can run again, so it must be idempotent.
 */
export class Job extends pulumi.ComponentResource {
  constructor(name: string, args: JobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:app:Job", name, {}, opts);
    const { image, migrations, timeout, after = [] } = args;
    const preReleaseBackup = this.#backup(name, args);
    const labels = migrations === undefined ? {} : { migrations };
    // Created early and started in order, which makes releases faster.
    const dockerContainer = container(name, args, { kind: "job", labels }, { parent: this });
    const dependsOn = [...[after].flat(), ...preReleaseBackup];
    const gate = completionGate(name, { spec: args, container: dockerContainer, timeout, dependsOn }, this);
    if (image instanceof Image) scopeOfContainer(args).addJob(image, gate);
    this.registerOutputs({});
  }

  #backup(name: string, { backup, image, migrations }: JobArgs): pulumi.Resource[] {
    if (!backup) return [];
    if (image instanceof Image && migrations !== undefined) return [backup.before(image.hash, migrations)];
    throw new pulumi.ResourceError(
      `Job ${name}: backup requires the argument migrations, and an Image as image, because the backup is named after its hash.`,
      this,
    );
  }
}
