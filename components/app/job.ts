import * as pulumi from "@pulumi/pulumi";
import { Image } from "../build/image";
import { container } from "./container";
import { type ContainerSpec, scopeOfContainer, type Turn } from "./container-spec";
import { completionGate } from "./gate";

/** Takes a backup before a job, e.g. `Backups`. */
export interface BackupBefore {
  /** Takes a backup named after the release, where `migrations` differ from those of the last one. */
  before(release: string, migrations: string): pulumi.Resource;
}

export interface JobArgs extends ContainerSpec, Turn {
  /** Timeout in seconds. Default: 600. */
  timeout?: number;
  /**
   * A fingerprint of the changes to data that it carries out, e.g. of the migrations' files: a plan says that data is touched
   * when it differs from that of the last release. Default: unknown, so every run counts as such a change.
   */
  migrations?: string;
  /**
   * Takes a backup before it runs, named after the release, when `migrations` differ from those of the last release; one that cannot
   * be taken fails the release. It needs `migrations`, and an `Image` as the image. Default: none.
   */
  backup?: BackupBefore | undefined;
}

/**
 * A one-shot container run at each release, e.g. migrations. Containers of the same image that follow it in the program wait until it has finished,
 * and a failure stops the release with its output while the old version serves. It may run again, so it must be idempotent.
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
      `Job ${name}: a backup before it is named after the release and taken when the migrations differ, so it needs an Image as its image, and migrations.`,
      this,
    );
  }
}
