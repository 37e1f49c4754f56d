import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { fillLabels, withLabels } from "../model/labels";
import { commandLine } from "../model/shell";
import { scriptBeside } from "../scripts";
import type { Registry } from "./registry";
import { CONTROL_DIRECTORY, overSsh, type SshInputs, type SshTarget, sshCommand, sshOptions, sshUrl } from "./ssh";

export interface ServerArgs {
  /** The server to deploy to. Default: the Docker engine of this machine. */
  ssh?: SshInputs | undefined;
  /** Registry mirrors for the server's engine, e.g. `http://10.0.0.5:5000`. Default: none. Without effect on this machine's engine, which stays as it is. */
  registryMirrors?: string[];
  /** A private registry the engine may pull from. Default: none. */
  registry?: Registry | undefined;
  /** How long to wait for a server that does not answer, in seconds. Default: 120. */
  waitSeconds?: number;
  /** Name of the stack, to build it anew where its containers stand and its state is lost; they are taken away then, its volumes are not. Default: refuse. */
  rebuild?: string | undefined;
  /** Name of the stack, so that its volumes are deleted when it is destroyed. Default: they stay. */
  deleteData?: string | undefined;
}

export interface ScriptArgs {
  /** A POSIX shell script, run where the engine is. Running it again must do no harm. */
  script: string;
  /** Its positional arguments: plain settings, never a secret. */
  args?: pulumi.Input<pulumi.Input<string>[]>;
  /** Its standard input, where a secret may stand. Default: empty. */
  input?: pulumi.Input<string>;
  /** What makes its standard input of the input, by what is there already. Default: the input is as it is. */
  feed?: Feed;
  /** A script run with the same arguments when the resource goes. What it takes away must be this resource's alone. Default: none. */
  undo?: string;
  /** Runs again, as a new resource, when one of these changes. */
  triggers?: pulumi.Input<string>[];
}

/** Two POSIX shell scripts, so that only what is missing has to be sent. */
export interface Feed {
  /** Run where the engine is, with the same arguments. */
  ask: string;
  /** Run on this machine, in the project's folder: it gets what `ask` prints, an empty line and the input. What it prints is sent. */
  answer: string;
}

/**
 * Where the stack stands: an Ubuntu server over SSH, or this machine.
 *
 * A server is waited for, gets Docker when it has none, and is set up for it (live-restore, log rotation).
 * Errors: an unreachable server, another host key than the pinned one, a refused key, an old kernel; each says what to do,
 * before anything is changed.
 */
export class Server extends pulumi.ComponentResource {
  /** The provider every Docker resource of the stack is created with. */
  readonly docker: docker.Provider;
  /** The name people reach the stack at. */
  readonly address: pulumi.Output<string>;
  /** How a command reaches the engine: the ssh call up to the remote command, as one line for a shell. Empty for this machine's engine. */
  readonly reach: pulumi.Output<string>;
  /** A secret with which fingerprints of secrets tell nothing of them. */
  readonly fingerprintKey: pulumi.Output<string>;
  /** Whether the stack's volumes stay when it is destroyed. */
  readonly keepsData: boolean;
  readonly #ssh: pulumi.Output<SshTarget> | undefined;
  readonly #ready: pulumi.Resource;

  constructor(name: string, args: ServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:host:Server", name, {}, opts);
    const key = new random.RandomPassword(`${name}-fingerprints`, { length: 32, special: false }, { parent: this });
    this.fingerprintKey = pulumi.secret(key.result);
    this.keepsData = args.deleteData !== pulumi.getStack();
    // How a server is reached is no secret, even where it comes from outputs that are: `berth` reads it from the state.
    this.#ssh = args.ssh && pulumi.unsecret(pulumi.output(args.ssh));
    this.address = this.#ssh?.host ?? pulumi.output("localhost");
    this.reach = this.#ssh?.apply((ssh) => commandLine(sshCommand(ssh))) ?? pulumi.output("");
    this.#ready = this.#ssh ? this.#prepared(name, this.#ssh, args) : this.#answering(name);
    const claimed = this.run(
      `${name}-claimed`,
      {
        script: scriptBeside(__dirname, "claim.sh"),
        args: [pulumi.getProject(), pulumi.getStack(), args.rebuild ?? ""],
      },
      // It says something of the very first deployment only.
      { parent: this, ignoreChanges: ["environment"] },
    );
    this.docker = new docker.Provider(
      name,
      {
        ...(this.#ssh && { host: this.#ssh.apply(sshUrl), sshOpts: this.#ssh.apply(sshOptions) }),
        ...(args.registry && { registryAuth: [args.registry.credentials] }),
      },
      { parent: this, dependsOn: [claimed] },
    );
    // What the engine was told, for comparing it with what is there.
    const engine = args.ssh && { settings: daemonSettings(args.registryMirrors), dropIn: dropIn() };
    this.registerOutputs({ address: this.address, reach: this.reach, ...(engine && { engine }) });
  }

  /** Runs a script where the engine is. */
  run(
    name: string,
    { script, args = [], input = "", feed, undo, triggers }: ScriptArgs,
    opts: pulumi.CustomResourceOptions,
  ): command.local.Command {
    const call = (text: string) => this.#transport(pulumi.output(args).apply((words) => shellCall(text, words)));
    return new command.local.Command(
      name,
      {
        create: feed === undefined ? CALL : FED_CALL,
        environment: {
          RUN: call(script),
          ...(feed !== undefined && { ASK: call(feed.ask), ANSWER: feed.answer }),
          ...(undo !== undefined && { UNDO: call(undo) }),
        },
        stdin: input,
        ...(undo !== undefined && { delete: UNDO_CALL }),
        ...(triggers && { triggers }),
      },
      { ...opts, dependsOn: pulumi.output(opts.dependsOn ?? []).apply((on) => [this.#ready, ...[on].flat()]) },
    );
  }

  /** One line for this machine's shell that runs the words where the engine is. */
  #transport(words: pulumi.Input<string[]>): pulumi.Output<string> {
    return pulumi
      .all([this.#ssh, words])
      .apply(([ssh, known]) => (ssh ? overSsh(ssh, commandLine(known)) : commandLine(known)));
  }

  #prepared(name: string, ssh: pulumi.Output<SshTarget>, args: ServerArgs): pulumi.Resource {
    if (!pulumi.runtime.isDryRun()) {
      mkdirSync(CONTROL_DIRECTORY.replace("~", homedir()), { recursive: true, mode: 0o700 });
    }
    const reached = new command.local.Command(
      `${name}-reached`,
      {
        create: scriptBeside(__dirname, "reach.sh"),
        environment: {
          SSH: this.reach,
          SERVER: pulumi.interpolate`${ssh.user}@${ssh.host}:${ssh.port}`,
          WAIT_SECONDS: String(args.waitSeconds ?? 120),
        },
      },
      { parent: this },
    );
    const prepared = new command.local.Command(
      `${name}-prepared`,
      {
        create: CALL,
        environment: {
          RUN: this.#transport(
            ssh.user.apply((user) =>
              shellCall(scriptBeside(__dirname, "prepare.sh"), [
                JSON.stringify(daemonSettings(args.registryMirrors)),
                user,
                dropIn(),
                scriptBeside(__dirname, "sshd.conf"),
              ]),
            ),
          ),
        },
      },
      { parent: this, dependsOn: [reached] },
    );
    // A new member of a group is one only in new connections: the shared one is closed.
    return new command.local.Command(
      `${name}-ready`,
      {
        create: pulumi.interpolate`${this.reach} -O exit 2>/dev/null || true; ${this.#transport(["docker", "version"])} >/dev/null`,
        triggers: [prepared.id],
      },
      { parent: this, dependsOn: [prepared] },
    );
  }

  #answering(name: string): pulumi.Resource {
    return new command.local.Command(
      `${name}-ready`,
      { create: scriptBeside(__dirname, "answer.sh") },
      { parent: this },
    );
  }
}

/** Runs the line in RUN: a failure then quotes this and not the long way to the server. */
const CALL = 'eval "$RUN"';
const FED_CALL = '{ eval "$ASK" </dev/null; echo; cat; } | sh -c "$ANSWER" | eval "$RUN"';
const UNDO_CALL = 'eval "$UNDO" </dev/null';

/** The words that run a script, which finds labels as `$label_service` and leaves its standard input free. */
function shellCall(script: string, args: string[]): string[] {
  return ["sh", "-c", withLabels(script), "sh", ...args];
}

/** What systemd is told of the engine of a server (docker.service.d/berth.conf). */
function dropIn(): string {
  return fillLabels(scriptBeside(__dirname, "docker-service.conf"));
}

/** What the engine of a server is told (daemon.json). */
export function daemonSettings(registryMirrors: string[] = []): Record<string, unknown> {
  const plain = registryMirrors.filter((url) => url.startsWith("http://"));
  return {
    "live-restore": true,
    "no-new-privileges": true,
    "log-driver": "json-file",
    "log-opts": { "max-size": "10m", "max-file": "3" },
    ...(registryMirrors.length > 0 && { "registry-mirrors": registryMirrors }),
    // The builder asks a mirror without TLS only where it stands here too, and with its scheme.
    ...(plain.length > 0 && { "insecure-registries": plain }),
  };
}
