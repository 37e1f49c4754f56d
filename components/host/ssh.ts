import type * as pulumi from "@pulumi/pulumi";
import { quote } from "../model/shell.ts";

/** An Ubuntu server as SSH reaches it. */
export interface SshTarget {
  /** Host name or address. */
  host: string;
  /** Port of sshd. */
  port: number;
  /** The account to sign in as: root, or one that may use sudo without a password. */
  user: string;
  /** The server's public host key, e.g. `ssh-ed25519 AAAA…`. Anything else that answers is refused. */
  hostKey: string;
  /** Path of the private key, `~` allowed. Default: what the SSH agent offers. */
  keyFile?: string | undefined;
}

/** The same, of which each may be an output of another resource, e.g. of a server that is made by the same program. */
export type SshInputs = { [Field in keyof SshTarget]: pulumi.Input<SshTarget[Field]> };

/**
 * The options of every ssh call, for the Docker provider and for commands alike.
 *
 * The host key comes from a command instead of a file, so nothing is written during a preview; connections
 * are shared (ControlMaster), because each Docker call would open a new connection otherwise, and sshd refuses many at once.
 * Paths keep their `~`, which ssh expands itself: the same on every colleague's machine, so no plan differs.
 */
export function sshOptions(target: SshTarget): string[] {
  const settings = [
    "BatchMode=yes",
    "ConnectTimeout=15",
    "ServerAliveInterval=15",
    "StrictHostKeyChecking=yes",
    "UserKnownHostsFile=/dev/null",
    "GlobalKnownHostsFile=/dev/null",
    `KnownHostsCommand=/bin/echo %H ${publicKeyOf(target.hostKey)}`,
    "ControlMaster=auto",
    `ControlPath=${CONTROL_DIRECTORY}/berth-%C`,
    "ControlPersist=60",
    // What is sent is text: a quarter of it goes over the wire.
    "Compression=yes",
    ...(target.keyFile === undefined ? [] : [`IdentityFile=${target.keyFile}`, "IdentitiesOnly=yes"]),
  ];
  return settings.flatMap((setting) => ["-o", setting]);
}

/** Where the sockets of shared connections stand: a directory only its owner can enter. */
export const CONTROL_DIRECTORY = "~/.ssh";

/** The words of an ssh call up to, not including, the remote command. */
export function sshCommand(target: SshTarget): string[] {
  return ["ssh", "-T", ...sshOptions(target), "-p", String(target.port), "-l", target.user, target.host];
}

/** The address in the form the Docker provider takes. */
export function sshUrl(target: SshTarget): string {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return `ssh://${target.user}@${host}:${target.port}`;
}

/** One line for the local shell that runs `words` on the server. */
export function overSsh(target: SshTarget, remoteCommand: string): string {
  return [...sshCommand(target).map(quote), "--", quote(remoteCommand)].join(" ");
}

/** Type and key without the comment: an address or a name there says nothing to ssh. */
function publicKeyOf(hostKey: string): string {
  return hostKey.trim().split(/\s+/).slice(0, 2).join(" ");
}
