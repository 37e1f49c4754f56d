import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Members } from "../host/scope";
import type { Server } from "../host/server";
import { stackName, thisStack } from "../naming";
import { scriptBeside } from "../scripts";
import { type Thresholds, watchScript } from "./watch-script";

export interface AlertsArgs {
  server: Server;
  /** Members of the stack, which the watch expects on the server. */
  members: Members;
  /** The targets, a line each (`parseTargets`). */
  targets: pulumi.Input<string>;
  thresholds: Thresholds;
  /** URL of the site. Default: none, so it is requested inside only. */
  url?: pulumi.Input<string> | undefined;
  /** Whether browsers trust the site's certificate. Default: false, it is not verified. */
  trusted?: boolean;
  /** Whether the stack is on several servers, in a Swarm. Default: false. */
  swarm?: boolean;
}

/**
 * The watch of a stack: a systemd timer on its server runs a shell script every minute, which reports faults when they begin and end.
 * `berth.stack` adds it to stacks with the setting `alertsTo`. Without the setting, or when the stack is destroyed, it is removed.
 */
export class Alerts extends pulumi.ComponentResource {
  constructor(name: string, args: AlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:alerts:Alerts", name, {}, opts);
    const { server, members, thresholds, url = "", trusted = false, swarm = false } = args;
    const { project, stack } = thisStack();
    const script = pulumi
      .output(url)
      .apply((site) => watchScript({ project, stack, url: site, trusted, swarm, thresholds }));
    // It must not be replaced: the removal of the old one would remove the new one.
    const installed = server.run(
      `${name}-watch`,
      {
        script:
          remote("prepare/step.sh", "prepare/timed-service.sh", "prepare/apt.sh", "audit-line.sh") +
          scriptBeside(__dirname, "install.sh"),
        undo: remote("prepare/step.sh") + scriptBeside(__dirname, "remove.sh"),
        args: [project, stack, server.auditFolder, stackName()],
        input: pulumi.all([args.targets, script]).apply(([targets, text]) => `${base64(targets)}\n${text}`),
      },
      { parent: this },
    );
    server.run(
      `${name}-expected`,
      {
        script: remote("audit-line.sh") + ["file-lines.sh", "record-expected.sh"].map(own).join(""),
        args: [server.auditFolder, stackName(), pulumi.all(members.files).apply((lines) => lines.join(";"))],
        triggers: members.containers,
      },
      { parent: this, dependsOn: [installed, ...members.gates] },
    );
    this.registerOutputs();
  }
}

const SCRIPTS = join(__dirname, "..", "remote");

function remote(...files: string[]): string {
  return files.map((file) => scriptBeside(SCRIPTS, file)).join("");
}

function own(file: string): string {
  return scriptBeside(__dirname, file);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
