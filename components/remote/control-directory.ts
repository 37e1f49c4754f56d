import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { Problem } from "../model/problem.ts";

/**
 * Path of the sockets of shared connections. ssh replaces %i with the account's number and %C with a hash of the connection, so that
 * plans do not differ between machines. It is not in the home folder, whose path can be too long for a socket, or differ from HOME.
 */
export const CONTROL_PATH = "/tmp/berth-%i/%C";

/** This account's directory for the sockets. */
export function controlDirectory(uid = ownUid()): string {
  return `/tmp/berth-${uid}`;
}

/** An account of a container may have no entry in /etc/passwd, which userInfo needs. */
function ownUid(): number {
  return process.getuid?.() ?? userInfo().uid;
}

/** Why ssh cannot use a directory for its sockets; undefined if it can, or if the directory does not exist yet. */
export function controlDirectoryProblem(directory: string, uid = ownUid()): string | undefined {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  if (!stats) return undefined;
  // Another account could answer for the server through a socket of its own.
  return stats.isDirectory() && stats.uid === uid
    ? undefined
    : `${directory} belongs to another account, or is not a directory`;
}

/** Creates the directory of the sockets, which only this account can access. @throws Problem if another account has taken its name. */
export function prepareControlDirectory(directory = controlDirectory()): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const problem = controlDirectoryProblem(directory);
  if (problem) throw new Problem(`${problem}. ${removal(directory)}`);
  chmodSync(directory, 0o700);
}

/** The advice for `controlDirectoryProblem`. */
export function removal(directory: string): string {
  return `Berth keeps the sockets of its ssh connections there. Remove it: sudo rm -r ${directory}`;
}
