import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { auditFolder } from "../model/audit";
import { type DaemonSettings, daemonSettings } from "../model/daemon-settings";
import { fillLabels } from "../model/labels";
import { journalOf } from "../model/log-driver";
import type { PublishedPort } from "../model/published-port";
import { commandLine } from "../model/shell";
import { TYPES } from "../model/types";
import { thisStack } from "../naming";
import { prepareControlDirectory } from "../remote/control-directory";
import { PREPARE, REACH } from "../remote/reach-command";
import { scriptBeside } from "../scripts";
import { type HardeningArgs, hardeningSteps } from "./hardening";
import { type JournalArgs, journalScript, shipperScript } from "./journal";
import { localEngine, refuseDockerContext } from "./local-engine";
import type { Registry, RegistryAccount } from "./registry";
import { runScript, type ScriptArgs } from "./run-script";
import { sameName } from "./same-name";
import { overSsh, type SshInputs, type SshTarget, sshCommand, sshOptions, sshUrl } from "./ssh";
import { STEP, stepCall } from "./step";

export interface ServerArgs {
  /** The server to deploy to. Default: the Docker engine of this machine. */
  ssh?: SshInputs | undefined;
  /** Registry mirrors for the server's engine, e.g. `http://10.0.0.5:5000`. Without effect on this machine's engine. Default: none. */
  registryMirrors?: string[];
  /** Private registry from which the engine pulls images. Default: none. */
  registry?: Registry | undefined;
  /** Accounts of further registries, with which the engine pulls images and base images. Default: none. */
  accounts?: RegistryAccount[];
  /** Timeout for a server that does not answer, in seconds. Default: 120. */
  waitSeconds?: number;
  /**
   * Consent to adopt a server whose state is lost: the stack's name. Berth removes the stack's containers and creates them again, and keeps
   * its volumes. Default: none; the deployment is refused.
   */
  adoptServer?: string | undefined;
  /** Keeps the stack's logs in a journal on the server. Default: none; they end with their containers, as on this machine's engine. */
  logs?: JournalArgs | undefined;
  /** Hardens the server. Default: none; nothing but Docker and sshd's limits is changed. Without effect on this machine's engine. */
  hardening?: HardeningArgs | undefined;
  /** Ports that the stack publishes: the deployment is refused if others use them. Default: none are checked. */
  ports?: pulumi.Input<PublishedPort[]>;
  /** Consent to delete the stack's volumes when it is destroyed: the stack's name. Default: none; the volumes are kept. */
  forceDestroyData?: string | undefined;
  /** Its name in a cluster, and whether it is the home. Its engine then can be in a Swarm. Default: none, the only server. */
  member?: { name: string; home: boolean } | undefined;
}

/**
 * The machine of a stack: an Ubuntu server over SSH, or this machine.
 *
 * Waits until the server answers, installs Docker if it is missing, and configures it (live-restore, log rotation). If the server cannot
 * be reached, has another host key, refuses the key or has an old kernel, the deployment fails with the fix before it changes anything.
 */
export class Server extends pulumi.ComponentResource {
  /** The provider of all Docker resources of the stack. */
  readonly docker: docker.Provider;
  /** Host name or address of the server. */
  readonly address: pulumi.Output<string>;
  /** The ssh command line up to the remote command, quoted for a shell; empty for this machine. Its name in the state is `reach`. */
  readonly sshPrefix: pulumi.Output<string>;
  /** Whether the machine is reached over SSH. */
  readonly isRemote: boolean;
  /** Folder of the audit logs on the engine's machine; empty for the account's own. */
  readonly auditFolder: string;
  /** Accounts of the registries from which the stack pulls images and base images. */
  readonly accounts: RegistryAccount[];
  /** HMAC key for fingerprints of secret values. */
  readonly fingerprintKey: pulumi.Output<string>;
  /** Whether the stack's volumes are kept when it is destroyed. */
  readonly keepsData: boolean;
  /** The journal that keeps the logs of the stack's containers, and what makes it; undefined if logs end with them. */
  readonly journal: { name: string; made: pulumi.Resource } | undefined;
  /** Ending of the names of what the home of a cluster has too; empty for the home, and for the only server. */
  readonly suffix: string;
  // An only server is the whole place of its stack.
  readonly home: Server = this;
  readonly servers: readonly Server[] = [this];
  readonly edges: readonly Server[] = [this];
  readonly swarm = undefined;
  /** What makes the engine ready for containers. */
  readonly ready: pulumi.Resource;
  readonly #ssh: pulumi.Output<SshTarget> | undefined;
  readonly #args: ServerArgs;

  constructor(name: string, args: ServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPES.server, name, {}, opts);
    refuseDockerContext();
    const key = new random.RandomPassword(`${name}-fingerprints`, { length: 32, special: false }, { parent: this });
    this.fingerprintKey = pulumi.secret(key.result);
    this.suffix = args.member && !args.member.home ? `-${args.member.name}` : "";
    this.#args = args;
    this.keepsData = args.forceDestroyData !== pulumi.getStack();
    // The connection is not secret, even if it comes from secret outputs, because `berth` reads it from the state.
    this.#ssh = args.ssh && pulumi.unsecret(pulumi.output(args.ssh));
    this.address = this.#ssh?.host ?? pulumi.output("localhost");
    this.sshPrefix = this.#ssh?.apply((ssh) => commandLine(sshCommand(ssh))) ?? pulumi.output("");
    this.accounts = accountsOf(args);
    this.isRemote = this.#ssh !== undefined;
    this.auditFolder = auditFolder(this.#ssh ? "ssh" : "");
    const named = sameName(name, this);
    this.ready = this.#ssh ? this.#prepareServer(name, this.#ssh, args, named) : this.#checkEngine(name, named);
    const owned = this.run(
      `${name}-claimed`,
      {
        script: scriptBeside(__dirname, "ensure-ownership.sh"),
        args: [pulumi.getProject(), pulumi.getStack(), args.adoptServer ?? ""],
      },
      // It checks a new stack only: neither another version of Berth nor another plugin repeats it.
      { parent: this, ignoreChanges: ["*"] },
    );
    const made = this.#ssh && args.logs && this.#journal(name, args.logs);
    this.journal = made && { name: journalOf(thisStack()), made };
    if (this.#ssh && args.hardening) this.#harden(name, args.hardening, args.ports ?? []);
    this.docker = new docker.Provider(
      name,
      {
        ...(this.#ssh ? { host: this.#ssh.apply(sshUrl), sshOpts: this.#ssh.apply(sshOptions) } : localEngine()),
        ...(this.accounts.length > 0 && { registryAuth: this.accounts }),
      },
      { parent: this, dependsOn: [owned] },
    );
    // The engine's configuration, which `berth drift` compares with the server's.
    const engine = args.ssh && { settings: settingsOf(args), dropIn: dropIn() };
    this.registerOutputs({ address: this.address, reach: this.sshPrefix, ...(engine && { engine }) });
  }

  /** Runs a script on the engine's machine. */
  run(name: string, args: ScriptArgs, opts: pulumi.CustomResourceOptions): command.local.Command {
    const transport = (words: pulumi.Input<string[]>, connection?: { isNew: boolean }) =>
      this.#transport(words, { ...connection, forwardsAgent: args.forwardsAgent });
    return runScript(name, args, transport, {
      ...opts,
      dependsOn: pulumi.output(opts.dependsOn ?? []).apply((on) => [this.ready, ...[on].flat()]),
    });
  }

  /** How it is prepared where it is the only server (remote/server/prepare.mts). */
  wantedAlone(): pulumi.Output<string> {
    return this.#wanted(daemonSettings(this.#args.registryMirrors));
  }

  #wanted(settings: DaemonSettings): pulumi.Output<string> {
    const { ports = [], registry } = this.#args;
    return pulumi.output(ports).apply((published) =>
      JSON.stringify({
        project: pulumi.getProject(),
        stack: pulumi.getStack(),
        ports: published,
        builds: registry === undefined,
        settings,
        dropIn: dropIn(),
        sshd: scriptBeside(__dirname, "sshd.conf").trimEnd(),
      }),
    );
  }

  /** Command line for this machine's shell that runs a command on the engine's machine. */
  #transport(
    words: pulumi.Input<string[]>,
    connection: { forwardsAgent?: boolean | undefined; isNew?: boolean } = {},
  ): pulumi.Output<string> {
    return pulumi
      .all([this.#ssh, words])
      .apply(([ssh, list]) => (ssh ? overSsh(ssh, list, connection) : commandLine(list)));
  }

  #prepareServer(
    name: string,
    ssh: pulumi.Output<SshTarget>,
    args: ServerArgs,
    named: pulumi.Resource,
  ): pulumi.Resource {
    shareConnections();
    const reached = new command.local.Command(
      `${name}-reached`,
      {
        create: stepCall("RUN"),
        environment: {
          STEP,
          RUN: REACH,
          SSH: this.sshPrefix,
          SERVER: pulumi.interpolate`${ssh.user}@${ssh.host}:${ssh.port}`,
          STACK: pulumi.getStack(),
          WAIT_SECONDS: String(args.waitSeconds ?? 120),
        },
      },
      { parent: this, dependsOn: [named] },
    );
    const prepared = new command.local.Command(
      `${name}-prepared`,
      {
        create: stepCall("RUN"),
        environment: {
          STEP,
          RUN: PREPARE,
          SSH: this.sshPrefix,
          WANTED: this.#wanted(settingsOf(args)),
        },
      },
      { parent: this, dependsOn: [reached] },
    );
    // Group membership takes effect in new connections only, so the shared one is closed.
    return new command.local.Command(
      `${name}-ready`,
      {
        create: stepCall("RUN"),
        environment: {
          STEP,
          RUN: pulumi.interpolate`${this.sshPrefix} -O exit 2>/dev/null || true; ${this.#transport(["docker", "version"])} >/dev/null`,
        },
        triggers: [prepared.id],
      },
      { parent: this, dependsOn: [prepared] },
    );
  }

  /** The containers depend on it: their log driver needs it when they are created, and until they are deleted. */
  #journal(name: string, logs: JournalArgs): pulumi.Resource {
    const kept = this.run(`${name}-logs`, journalScript(logs, this), { parent: this });
    if (logs.ship) this.run(`${name}-logs-shipped`, shipperScript(logs.ship), { parent: this, dependsOn: [kept] });
    return kept;
  }

  /** One step after the other, as each may install packages. */
  #harden(name: string, hardening: HardeningArgs, ports: pulumi.Input<PublishedPort[]>): void {
    let before: pulumi.Resource[] = [];
    for (const step of hardeningSteps(hardening, ports)) {
      before = [this.run(`${name}-${step.name}`, step.script, { parent: this, dependsOn: before })];
    }
  }

  #checkEngine(name: string, named: pulumi.Resource): pulumi.Resource {
    return new command.local.Command(
      `${name}-ready`,
      { create: stepCall("RUN"), environment: { STEP, RUN: scriptBeside(__dirname, "answer.sh") } },
      { parent: this, dependsOn: [named] },
    );
  }
}

/** One account a registry: the account that pushes images pulls them too. */
function accountsOf({ registry, accounts = [] }: ServerArgs): RegistryAccount[] {
  if (!registry) return accounts;
  const { credentials } = registry;
  return [credentials, ...accounts.filter(({ address }) => address !== credentials.address)];
}

/** A preview connects to the server too, to compare its containers with the state. @throws pulumi.RunError */
function shareConnections(): void {
  try {
    prepareControlDirectory();
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

/** The settings of the engine. One in a Swarm does not start with live-restore. */
function settingsOf({ registryMirrors, member }: ServerArgs): DaemonSettings {
  return { ...daemonSettings(registryMirrors), ...(member && { "live-restore": false }) };
}

/** The systemd drop-in of a server's engine (docker.service.d/berth.conf). */
function dropIn(): string {
  return fillLabels(scriptBeside(__dirname, "docker-service.conf")).trimEnd();
}
