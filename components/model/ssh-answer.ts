/** The reason why ssh cannot sign in. */
export interface Refusal {
  kind: Kind;
  /** A sentence without its final full stop. */
  problem: string;
  advice: string;
}

type Kind =
  | "no account"
  | "host key"
  | "permission"
  | "key path"
  | "key file"
  | "unknown name"
  | "no shell"
  | "socket"
  | "no answer";

interface Named {
  /** Description of the server with which a sentence begins. */
  server: string;
  stack: string;
}

/**
 * Derives the reason from the output of ssh or the account's shell. Only `no answer` may go away on a retry.
 *
 * @param signedIn Whether ssh signed in, after which only the account's shell can fail, e.g. /bin/false, which prints nothing.
 */
export function refusalIn(said: string, { server, stack }: Named, signedIn = false): Refusal {
  const found = kindOf(said);
  const kind = found === "no answer" && signedIn ? "no shell" : found;
  const set = (name: string, value = "…") => `pulumi config set ${name} ${value} --stack ${stack}`;
  const [problem, advice] = described(kind, server, set);
  return { kind, problem, advice };
}

function kindOf(said: string): Kind {
  return SIGNS.find(([, sign]) => sign.test(said))?.[0] ?? "no answer";
}

const SIGNS: [Kind, RegExp][] = [
  // ssh refuses to run for a container's user without an entry in /etc/passwd.
  ["no account", /No user exists for uid|you don't exist/i],
  ["host key", /HOST IDENTIFICATION HAS CHANGED|Host key verification failed|host key is known/i],
  // ssh continues without the key and then reports that permission is denied.
  ["key file", /invalid format|error in libcrypto|bad permissions/],
  ["permission", /Permission denied|Too many authentication failures/],
  ["key path", /extra arguments|invalid quotes/],
  ["unknown name", /Could not resolve hostname/],
  // A server that boots prints pam_nologin and answers later.
  ["no shell", /account is (currently )?not available|(?<!pam_)nologin/],
  ["socket", /unix_listener|ControlPath too long/],
];

function described(kind: Kind, server: string, set: (name: string, value?: string) => string): [string, string] {
  switch (kind) {
    case "no account":
      return [
        "ssh does not run here, as the account of this process has no name",
        'Add it to /etc/passwd of the container: echo "ci:x:$(id -u):0::/tmp:/bin/sh" >>/etc/passwd',
      ];
    case "host key":
      return [
        `${server} shows another host key than the pinned one`,
        `If the server was set up again, read its key on its own console (cat /etc/ssh/ssh_host_ed25519_key.pub) and set it: ${set("serverHostKey", "'ssh-ed25519 …'")}. Otherwise, it may be a man-in-the-middle attack.`,
      ];
    case "permission":
      return [
        `${server} refuses the key`,
        `Add the public key to ~/.ssh/authorized_keys of that account, or name the right private key: ${set("serverKeyFile", "~/.ssh/…")} (without it, the SSH agent is asked).`,
      ];
    case "key path":
      return [
        "ssh cannot read the path of the private key",
        `Use a path without spaces: ${set("serverKeyFile", "~/.ssh/…")}`,
      ];
    case "key file":
      return [
        "The private key cannot be used",
        "serverKeyFile must name an OpenSSH private key that only its owner may read (chmod 600) and that has no passphrase, or leave it unset and load the key into the SSH agent.",
      ];
    case "unknown name":
      return ["The name of the server is not known", `Correct it: ${set("serverHost")}`];
    case "no shell":
      return [
        `The account on ${server} has no shell that signs in`,
        `Give it one, as root on the server: chsh -s /bin/bash <account>; or use another account: ${set("serverUser")}`,
      ];
    case "socket":
      return [
        "ssh cannot make the socket of its shared connection",
        'Make the folder, writable for this account only: mkdir -m 700 -p "/tmp/berth-$(id -u)"',
      ];
    case "no answer":
      return [
        `${server} does not answer`,
        "Check that the server is on, that sshd listens on that port, and that no firewall is in between (serverHost, serverPort).",
      ];
  }
}
