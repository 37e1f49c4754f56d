// Runs scripts as root with a password that a person typed. It travels in the standard input of ssh only: never in a command line, an
// environment variable or a file.
import { loginShellLine, wordsOf } from "../model/shell.ts";
import type { Place } from "./place.mts";
import { capture } from "./program.mts";

/** Reads the password from standard input, without a prompt. -k ignores a sign-in that sudo remembers, so that it always reads it. */
export const SUDO = ["sudo", "-S", "-k", "-p", "", "--"];

const END = "berth-password-end";

/** Standard input of a script that runs through `SUDO`. */
export function sudoInput(password: string, data = ""): string {
  return `${password}\n${END}\n${data}`;
}

/** Makes a script skip the password, in case sudo did not read it, so that it never gets into the script's data. */
export function afterPassword(source: string): string {
  return `while IFS= read -r line && [ "$line" != ${END} ]; do :; done\n${source}`;
}

/** Whether sudo accepts the password of the account. One attempt, as further ones can lock the account. */
export async function acceptsPassword({ sshPrefix }: Place, password: string): Promise<boolean> {
  const [ssh = "ssh", ...options] = wordsOf(sshPrefix);
  const { status } = await capture(ssh, [...options, "--", loginShellLine([...SUDO, "true"])], `${password}\n`);
  return status === 0;
}
