import { type Judgement, ok, problem, skipped, warning } from "../check.mts";

const OTHER_KEY = /HOST IDENTIFICATION HAS CHANGED|Host key verification failed|host key is known/i;

export const hostKey: Judgement = ({ connection, settings, stack }) => {
  if (connection.kind === "here") return skipped("host key", "the stack is on this machine");
  if (connection.kind === "no settings") return skipped("host key", "serverHostKey is not set");
  if (OTHER_KEY.test(connection.said)) {
    return problem(
      "host key",
      `${settings.values["serverHost"]} shows another key than serverHostKey`,
      `If the server was set up again, read its key on its own console (cat /etc/ssh/ssh_host_ed25519_key.pub) and set it: pulumi config set serverHostKey 'ssh-ed25519 …' --stack ${stack}. If not, somebody may be in between.`,
    );
  }
  if (connection.kind === "failed" && !/Permission denied|Too many authentication failures/.test(connection.said)) {
    return skipped("host key", "the server was not reached");
  }
  return ok("host key", "the server shows the pinned one");
};

export const signIn: Judgement = ({ connection, settings, stack }) => {
  const { serverUser, serverHost, serverPort } = settings.values;
  const where = `${serverUser}@${serverHost}:${serverPort}`;
  if (connection.kind === "here") return skipped("sign-in", "the stack is on this machine");
  if (connection.kind === "no settings") return skipped("sign-in", "serverHostKey is not set");
  if (connection.kind === "connected") return ok("sign-in", where);
  if (OTHER_KEY.test(connection.said)) return skipped("sign-in", "another host key");
  return problem("sign-in", `${where}: ${lastLine(connection.said) || "no answer"}`, adviceOn(connection.said, stack));
};

/** What to do by what ssh, or the account's shell, said. */
function adviceOn(said: string, stack: string): string {
  const set = (name: string) => `pulumi config set ${name} … --stack ${stack}`;
  if (/Permission denied|Too many authentication failures/.test(said)) {
    return `Add the public key to ~/.ssh/authorized_keys of that account, or name the right private key: ${set("serverKeyFile")}`;
  }
  if (/extra arguments|invalid quotes/.test(said))
    return `ssh cannot read the path of the key. Use one without spaces: ${set("serverKeyFile")}`;
  if (/invalid format|error in libcrypto|bad permissions/.test(said)) {
    return "serverKeyFile must name an OpenSSH private key that only its owner may read (chmod 600).";
  }
  if (/Could not resolve hostname/.test(said))
    return `The name of the server is not known. Correct it: ${set("serverHost")}`;
  if (/not available|nologin/.test(said)) {
    return `The account has no shell that signs in. Give it one, as root on the server: chsh -s /bin/bash <account>; or use another: ${set("serverUser")}`;
  }
  if (/unix_listener|ControlPath too long/.test(said))
    return "ssh cannot make its socket in ~/.ssh: make the folder, writable for its owner only.";
  return "Check that the server is on, that sshd listens on that port, and that no firewall is in between (serverHost, serverPort).";
}

export const shell: Judgement = ({ server, connection }) => {
  if (!server || connection.kind !== "connected") return undefined;
  const program = server.shell.split("/").at(-1) ?? "";
  if (server.noise !== "") {
    return warning(
      "login shell",
      `it prints "${lastLine(server.noise).slice(0, 60)}" at each sign-in`,
      "Docker over SSH reads that as an answer. Print only in interactive shells: put [ -t 1 ] before it, or below the line of ~/.bashrc that returns when not interactive.",
    );
  }
  if (program === "fish") {
    return warning(
      "login shell",
      server.shell,
      `fish reads quoted backslashes in its own way, so settings may arrive changed. As root on the server: chsh -s /bin/bash ${server.account}`,
    );
  }
  if (program === "csh" || program === "tcsh") {
    return problem(
      "login shell",
      server.shell,
      `It cannot read quoted lines. As root on the server: chsh -s /bin/bash ${server.account}`,
    );
  }
  return ok("login shell", server.shell);
};

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
