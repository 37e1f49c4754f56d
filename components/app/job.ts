import * as pulumi from "@pulumi/pulumi";
import { type ContainerSpec, container } from "./container";
import { completionGate } from "./gate";

export interface JobArgs extends ContainerSpec {
  /** Seconds it may take. Default: 600. */
  timeout?: number;
  /**
   * A fingerprint of the changes to data that it carries out, e.g. of the migrations' files: a plan says that data is touched
   * when it differs from that of the last release. Default: unknown, so every run counts as such a change.
   */
  migrations?: string;
}

/**
 * Something done once a release, e.g. migrations: whatever depends on it waits for its end, and a failure stops the
 * release with its output while the old version serves. It may run again, so it must be idempotent.
 */
export class Job extends pulumi.ComponentResource {
  constructor(name: string, args: JobArgs, { dependsOn, ...opts }: pulumi.ComponentResourceOptions = {}) {
    // Without what it depends on, for which its container would wait too: it is made early, and started in its turn.
    super("berth:app:Job", name, {}, opts);
    const labels = args.migrations === undefined ? {} : { migrations: args.migrations };
    const made = container(name, args, { kind: "job", labels }, { parent: this });
    completionGate(name, { spec: args, container: made, timeout: args.timeout, dependsOn }, this);
    this.registerOutputs({});
  }
}
