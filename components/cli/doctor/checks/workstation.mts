import { CONTROL_DIRECTORY } from "../../../host/ssh.ts";
import { type Judgement, ok, problem, skipped, warning } from "../check.mts";

/** The first OpenSSH with KnownHostsCommand, by which the host key is pinned. */
const OLDEST_SSH = 8.5;
/** Longest path of a socket, with what ssh appends while it makes it: `berth-`, 40 letters of a hash, and 17 more. */
const SOCKET_PATH = 107;
const SOCKET_NAME = "/berth-".length + 40 + 17;

export const node: Judgement = ({ workstation }) => {
  const { node, platform, architecture } = workstation;
  const found = `${node} on ${platform}/${architecture}`;
  if (platform !== "win32") return ok("Node.js", found);
  return problem(
    "Node.js",
    found,
    "Work in WSL (https://learn.microsoft.com/windows/wsl): the ssh of Windows cannot share connections.",
  );
};

export const ssh: Judgement = ({ workstation, settings }) => {
  if (!settings.values["serverHost"]) return skipped("ssh", "the stack is on this machine");
  const { ssh } = workstation;
  if (ssh === undefined)
    return problem("ssh", "not installed", "Install OpenSSH's client: apt-get install openssh-client");
  const version = Number(/OpenSSH_(?:for_Windows_)?(\d+\.\d+)/.exec(ssh)?.[1] ?? Number.NaN);
  const found = ssh.split(",")[0] ?? ssh;
  if (Number.isNaN(version))
    return warning("ssh", found, `Use OpenSSH ${OLDEST_SSH} or later; others may lack its options.`);
  if (version >= OLDEST_SSH) return ok("ssh", found);
  return problem("ssh", found, `Install OpenSSH ${OLDEST_SSH} or later: the host key cannot be pinned with this one.`);
};

export const home: Judgement = ({ workstation, settings }) => {
  if (!settings.values["serverHost"]) return undefined;
  const { home, accountHome, accountHasSshFolder } = workstation;
  const sockets = CONTROL_DIRECTORY.replace("~", accountHome);
  if (sockets.length + SOCKET_NAME > SOCKET_PATH) {
    const most = SOCKET_PATH - SOCKET_NAME - CONTROL_DIRECTORY.length + 1;
    return problem(
      "home folder",
      accountHome,
      `Deploy from an account with a home of at most ${most} letters: ssh cannot share connections through a longer path.`,
    );
  }
  if (home !== accountHome && !accountHasSshFolder) {
    return problem(
      "home folder",
      `HOME is ${home}, ssh uses ${accountHome}`,
      `Make the folder that ssh uses: mkdir -m 700 -p ${accountHome}/.ssh`,
    );
  }
  return ok("home folder", accountHome);
};

export const umask: Judgement = ({ workstation }) => {
  const found = workstation.umask.toString(8).padStart(3, "0");
  if ((workstation.umask & 0o005) === 0) return ok("umask", found);
  return warning(
    "umask",
    found,
    "Set umask 022 before cloning the project, or chmod -R a+rX it: files in images get the permissions they have here, and containers do not run as root.",
  );
};

/** The key is the one that serverKeyFile names, else one in the agent. */
export const key: Judgement = ({ workstation, settings, stack, connection }) => {
  if (!settings.values["serverHost"]) return skipped("key", "the stack is on this machine");
  const { keyFile, agent } = workstation;
  if (!keyFile) {
    if (agent === "keys") return ok("key", "the SSH agent has keys");
    if (connection.kind === "connected") return ok("key", "one that ssh finds by its own configuration");
    const found =
      agent === "none"
        ? "serverKeyFile is not set and no SSH agent runs"
        : "serverKeyFile is not set and the SSH agent has no key";
    return warning(
      "key",
      found,
      `Load a key (eval "$(ssh-agent)"; ssh-add), or name one: pulumi config set serverKeyFile ~/.ssh/id_ed25519 --stack ${stack}. Without both, ssh tries the files of its own defaults.`,
    );
  }
  const { path, there, mode, kind } = keyFile;
  if (!there)
    return problem(
      "key",
      `there is no file ${path}`,
      `Name the private key: pulumi config set serverKeyFile ~/.ssh/… --stack ${stack}`,
    );
  if ((mode & 0o077) !== 0) return problem("key", `others may read ${path}`, `ssh refuses it. Run: chmod 600 ${path}`);
  if (kind === "unreadable")
    return problem(
      "key",
      `${path} is not a private key of OpenSSH, or this account may not read it`,
      "serverKeyFile names the private key, not the file that ends in .pub.",
    );
  if (kind === "plain" || agent === "keys")
    return ok("key", kind === "plain" ? path : `${path}, whose passphrase the SSH agent has`);
  return problem("key", `${path} has a passphrase`, `Load it into the SSH agent: eval "$(ssh-agent)"; ssh-add ${path}`);
};
