import { type Judgement, ok, problem, skipped, warning } from "../check.mts";
import type { Facts } from "../facts.mts";

/** Judges a thing that only a server over SSH has to have; this machine is left as it is. */
function onServer(
  name: string,
  judge: (server: NonNullable<Facts["server"]>, facts: Facts) => ReturnType<Judgement>,
): Judgement {
  return (facts) => {
    if (facts.connection.kind === "here") return skipped(name, "nothing is installed on this machine");
    return facts.server ? judge(facts.server, facts) : skipped(name, "the server was not reached");
  };
}

export const sudo = onServer("sudo", ({ sudo, sudoSaid, account }, { stack }) => {
  if (sudo === "root") return ok("sudo", "the account is root");
  if (sudo === "sudo") return ok("sudo", "without a password");
  if (/must have a tty|requiretty|no tty present/.test(sudoSaid) && !/password/.test(sudoSaid)) {
    return problem(
      "sudo",
      "sudo wants a terminal (requiretty)",
      `As root on the server: echo 'Defaults:${account} !requiretty' > /etc/sudoers.d/berth-tty`,
    );
  }
  const install = sudoSaid.includes("not installed") ? "apt-get install sudo && " : "";
  return problem(
    "sudo",
    sudoSaid || `the account ${account} may not use sudo`,
    `As root on the server: ${install}echo '${account} ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/${account}; or sign in as root: pulumi config set serverUser root --stack ${stack}`,
  );
});

export const account = onServer("account", ({ account, inPasswd, sudo }) => {
  if (inPasswd || sudo === "root") return ok("account", account);
  return problem(
    "account",
    `${account} is in a directory (LDAP, OS Login), not in /etc/passwd`,
    "It cannot be let into the group docker by usermod. Deploy with a local account: adduser deploy, with sudo and your key.",
  );
});

export const distribution = onServer("distribution", ({ system, has }) => {
  const found = system.name || "unknown";
  if (!has.has("apt-get") || !has.has("systemctl")) {
    return problem(
      "distribution",
      found,
      "Use Ubuntu 22.04 or later: Docker is installed with apt-get and started with systemd.",
    );
  }
  const oldest = { ubuntu: 22.04, debian: 12 }[system.id];
  if (oldest !== undefined && Number(system.version) >= oldest) return ok("distribution", found);
  return warning("distribution", found, "Tested are Ubuntu 22.04 and later, and Debian 12 and later.");
});

export const kernel: Judgement = ({ server, connection, workstation }) => {
  if (!server) return skipped("kernel", "the server was not reached");
  const found = `${server.kernel}, ${server.machine}`;
  if (server.has.has("tcp_migrate_req")) return ok("kernel", found);
  const virtual = connection.kind === "here" && workstation.platform !== "linux";
  if (virtual) return skipped("kernel", "containers run in the engine's own virtual machine");
  return problem(
    "kernel",
    found,
    "Linux 5.14 or later is needed for releases without downtime (Ubuntu 22.04 has 5.15): upgrade the server's system and reboot it.",
  );
};

export const aptLock = onServer("package manager", ({ aptLock, docker, has }) => {
  if (!aptLock) return ok("package manager", "free");
  const found = `${aptLock.program || "a program"} (process ${aptLock.pid}) holds its lock`;
  if (docker.version && has.has("jq")) return ok("package manager", `${found}; nothing has to be installed`);
  return warning(
    "package manager",
    found,
    "A server that was just made updates itself for some minutes. Deploy when it has ended: cloud-init status --wait",
  );
});

export const clock: Judgement = ({ server, connection, settings }) => {
  if (connection.kind === "here") return skipped("clock", "it is this machine's own");
  if (!server) return skipped("clock", "the server was not reached");
  const { clockAhead } = server;
  const seconds = Math.abs(clockAhead);
  if (seconds <= 30) return ok("clock", "as this machine's");
  const found = `${seconds} s ${clockAhead > 0 ? "ahead of" : "behind"} this machine's`;
  const advice = "Synchronize both clocks: timedatectl set-ntp true";
  if (seconds <= 300) return warning("clock", found, advice);
  const why =
    settings.values["tls"] === "off" ? "Signed tokens and package lists are refused" : "Certificates are refused";
  return problem("clock", found, `${why} at such a difference. ${advice}`);
};

export const firewall: Judgement = ({ server, doors, connection, settings }) => {
  if (connection.kind === "here") return skipped("firewall", "the stack is on this machine");
  if (!server) return skipped("firewall", "the server was not reached");
  const own =
    server.firewalls.length > 0
      ? `${server.firewalls.join(", ")} active (ports that Docker publishes pass ufw)`
      : "none on the server that is known";
  const silent = doors.filter(({ answer }) => answer === "silent").map(({ port }) => port);
  if (silent.length === 0) return ok("firewall", own);
  const found = `${own}; nothing comes back from port ${silent.join(", ")}`;
  const advice =
    "Something between here and the server drops it: open the port in the provider's firewall or security group.";
  return settings.values["tls"] === "acme" && silent.includes(80)
    ? problem("firewall", found, advice)
    : warning("firewall", found, advice);
};
