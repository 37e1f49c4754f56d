import { removal } from "../../../remote/control-directory.ts";
import { type Judgement, ok, problem, skipped, warning } from "../check.mts";

/** First OpenSSH with KnownHostsCommand, which pins the host key. */
const OLDEST_SSH = 8.5;

export const node: Judgement = ({ workstation }) => {
  const { node, platform, architecture } = workstation;
  const found = `${node} on ${platform}/${architecture}`;
  if (platform !== "win32") return ok("Node.js", found);
  return problem(
    "Node.js",
    found,
    "Use WSL (https://learn.microsoft.com/windows/wsl): ssh on Windows cannot share connections.",
  );
};

export const ssh: Judgement = ({ workstation, settings }) => {
  if (!settings.values["serverHost"]) return skipped("ssh", "the stack is on this machine");
  const { ssh } = workstation;
  if (ssh === undefined)
    return problem("ssh", "not installed", "Install the OpenSSH client: apt-get install openssh-client");
  const version = Number(/OpenSSH_(?:for_Windows_)?(\d+\.\d+)/.exec(ssh)?.[1] ?? Number.NaN);
  const found = ssh.split(",")[0] ?? ssh;
  if (Number.isNaN(version))
    return warning("ssh", found, `Use OpenSSH ${OLDEST_SSH} or later; other clients may lack its options.`);
  if (version >= OLDEST_SSH) return ok("ssh", found);
  return problem("ssh", found, `Install OpenSSH ${OLDEST_SSH} or later: this version cannot pin the host key.`);
};

/** Berth shares ssh's connections through sockets in a folder that only this account may access. */
export const sockets: Judgement = ({ workstation, settings }) => {
  if (!settings.values["serverHost"]) return undefined;
  const { folder, problem: wrong } = workstation.sockets;
  return wrong ? problem("ssh sockets", wrong, removal(folder)) : ok("ssh sockets", folder);
};

export const umask: Judgement = ({ workstation }) => {
  const found = workstation.umask.toString(8).padStart(3, "0");
  if ((workstation.umask & 0o005) === 0) return ok("umask", found);
  return warning(
    "umask",
    found,
    "Set umask 022 before you clone the project, or run chmod -R a+rX on it: images keep the permissions of these files, and containers do not run as root.",
  );
};

/** ssh uses the key of serverKeyFile, or else the keys of the agent. */
export const key: Judgement = ({ workstation, settings, stack, connection }) => {
  if (!settings.values["serverHost"]) return skipped("key", "the stack is on this machine");
  const { keyFile, agent } = workstation;
  if (!keyFile) {
    if (agent === "keys") return ok("key", "the SSH agent has keys");
    if (connection.kind === "connected") return ok("key", "from the configuration of ssh");
    const found =
      agent === "none"
        ? "serverKeyFile is not set and no SSH agent runs"
        : "serverKeyFile is not set and the SSH agent has no key";
    return warning(
      "key",
      found,
      `Load a key (eval "$(ssh-agent)"; ssh-add), or set one: pulumi config set serverKeyFile ~/.ssh/id_ed25519 --stack ${stack}. Without either, ssh tries its default key files.`,
    );
  }
  const { path, exists, mode, kind } = keyFile;
  if (!exists)
    return problem(
      "key",
      `there is no file ${path}`,
      `Set the path of the private key: pulumi config set serverKeyFile ~/.ssh/… --stack ${stack}`,
    );
  if ((mode & 0o077) !== 0)
    return problem("key", `others can read ${path}`, `ssh refuses such a key. Run: chmod 600 ${path}`);
  if (kind === "unreadable")
    return problem(
      "key",
      `${path} is not an OpenSSH private key, or this account cannot read it`,
      "Set serverKeyFile to the private key, not to the file that ends in .pub.",
    );
  if (kind === "plain" || agent === "keys")
    return ok("key", kind === "plain" ? path : `${path}, through the SSH agent`);
  return problem("key", `${path} has a passphrase`, `Load it into the SSH agent: eval "$(ssh-agent)"; ssh-add ${path}`);
};
