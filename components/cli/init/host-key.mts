import { createHash } from "node:crypto";
import { Problem } from "../../model/problem.ts";
import { capture } from "../../remote/program.mts";
import { ask } from "../terminal/ask.mts";

interface HostKeyOptions {
  host: string;
  port: number;
  /** `--server-host-key`: the key, or its fingerprint `SHA256:…`. */
  expected: string | undefined;
  /** Whether a person can be asked. */
  interactive: boolean;
}

const KEY = /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp\d+) AAAA[0-9A-Za-z+/]+=*/;
const ON_THE_SERVER = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub";

/**
 * The server's public host key. The key that the server presents is accepted only if the user gave its fingerprint or confirms
 * it, because of man-in-the-middle attacks.
 * @throws Problem if the key is not confirmed.
 */
export async function confirmedHostKey({ host, port, expected, interactive }: HostKeyOptions): Promise<string> {
  const key = KEY.exec(expected ?? "")?.[0];
  if (key !== undefined) return key;
  if (expected !== undefined && !expected.startsWith("SHA256:")) {
    throw new Problem('--server-host-key must be a public key, "ssh-ed25519 AAAA…", or a fingerprint, "SHA256:…".', 2);
  }
  const presented = await scanHostKey(host, port);
  const fingerprint = fingerprintOf(presented);
  if (expected !== undefined) {
    if (expected === fingerprint) return presented;
    throw new Problem(
      `${host} shows a host key with the fingerprint ${fingerprint}, not ${expected}. Nothing was written.`,
    );
  }
  if (!interactive) {
    throw new Problem(
      `${host} shows a host key with the fingerprint ${fingerprint}. Compare it on the server's own console (${ON_THE_SERVER}),\n` +
        `and if it is the same: --server-host-key ${fingerprint}`,
    );
  }
  console.error(
    `${host} shows a host key with the fingerprint\n  ${fingerprint}\nOn the server's own console: ${ON_THE_SERVER}`,
  );
  if (/^y(es)?$/i.test(await ask("Does it print the same fingerprint? [y/N] "))) return presented;
  throw new Problem("The host key is not confirmed. Nothing was written.");
}

/** SHA-256 of a public key, as ssh-keygen prints it. */
export function fingerprintOf(key: string): string {
  const bytes = Buffer.from(key.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "")}`;
}

async function scanHostKey(host: string, port: number): Promise<string> {
  const words = ["-T", "10", "-t", "ed25519", "-p", String(port), host];
  const { status, stdout } = await capture("ssh-keyscan", words);
  const line = stdout.split("\n").find((line) => line.includes(" ssh-ed25519 "));
  const key = KEY.exec(line?.slice(line.indexOf(" ") + 1) ?? "")?.[0];
  if (key !== undefined) return key;
  throw new Problem(
    status === 127
      ? "There is no ssh-keyscan on this machine. Give the server's public host key: --server-host-key 'ssh-ed25519 AAAA…'"
      : `${host} does not answer on port ${port}. Give its public host key: --server-host-key 'ssh-ed25519 AAAA…'`,
  );
}
