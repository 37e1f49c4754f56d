import type * as pulumi from "@pulumi/pulumi";
import { commandLine, loginShellLine } from "../model/shell.ts";
import { CONTROL_PATH } from "../remote/control-directory.ts";

/** An Ubuntu server and how to connect to it over SSH. */
export interface SshTarget {
  /** Host name or address. */
  host: string;
  /** Port of sshd. */
  port: number;
  /** The account to sign in as: root, one that may use sudo (a password is asked for once, on a terminal), or one in the group docker. */
  user: string;
  /** The server's public host key, e.g. `ssh-ed25519 AAAA…`. ssh refuses a server with another key. */
  hostKey: string;
  /** Path of the private key; `~` is allowed. Default: the keys of the SSH agent. */
  keyFile?: string | undefined;
}

/** Like `SshTarget`, but each value can be an output of another resource, e.g. of a server that the same program creates. */
export type SshInputs = { [Field in keyof SshTarget]: pulumi.Input<SshTarget[Field]> };

/**
 * Options of every call of ssh, by the Docker provider and by commands.
 *
 * The host key comes from a command instead of a file, so that a preview writes no file. Connections are shared (ControlMaster), because
 * each Docker call would otherwise open a new connection, and sshd refuses many at once. ssh itself expands the `~` in paths, so that
 * they are the same on every machine and plans do not differ.
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
    `ControlPath=${CONTROL_PATH}`,
    "ControlPersist=60",
    // The data is text: compression reduces it to a quarter.
    "Compression=yes",
    ...(target.keyFile === undefined ? [] : [`IdentityFile=${sshWord(target.keyFile)}`, "IdentitiesOnly=yes"]),
  ];
  return settings.flatMap((setting) => ["-o", setting]);
}

/** Quotes a path for ssh's own parser of options. ssh replaces a doubled % with one. `KEY_FILE` excludes what cannot be quoted. */
function sshWord(path: string): string {
  const escaped = path.replaceAll("%", "%%");
  return /^[A-Za-z0-9_@%+=:,./~-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/** The ssh command line up to the remote command, as words. */
export function sshCommand(target: SshTarget): string[] {
  return ["ssh", "-T", ...sshOptions(target), "-p", String(target.port), "-l", target.user, target.host];
}

/** URL of the server in the form of the Docker provider. */
export function sshUrl(target: SshTarget): string {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return `ssh://${encodeURIComponent(target.user)}@${host}:${target.port}`;
}

/** Command line for the local shell that runs a command, as words, on the server; with `isNew`, over a connection of its own. */
export function overSsh(
  target: SshTarget,
  words: readonly string[],
  { forwardsAgent = false, isNew = false } = {},
): string {
  const [ssh = "ssh", ...options] = sshCommand(target);
  // A shared connection does not forward the agent. The first value of an option counts.
  const separate = forwardsAgent || isNew ? ["-o", "ControlPath=none"] : [];
  const forwarding = forwardsAgent ? ["-A"] : [];
  return commandLine([ssh, ...forwarding, ...separate, ...options, "--", loginShellLine(words)]);
}

/** Type and key, without the comment. */
function publicKeyOf(hostKey: string): string {
  return hostKey.trim().split(/\s+/).slice(0, 2).join(" ");
}
