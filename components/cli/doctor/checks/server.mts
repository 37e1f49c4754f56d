import { type Judgement, ok, problem, skipped, warning } from "../check.mts";
import type { Facts } from "../facts.mts";

/** A check that applies to servers only, as a deployment installs nothing on this machine. */
function onServer(
  name: string,
  judge: (server: NonNullable<Facts["server"]>, facts: Facts) => ReturnType<Judgement>,
): Judgement {
  return (facts) => {
    if (facts.connection.kind === "local") return skipped(name, "a deployment installs nothing on this machine");
    return facts.server ? judge(facts.server, facts) : skipped(name, "the server is not reachable");
  };
}

export const sudo = onServer("sudo", ({ sudo, sudoError, account }, { stack }) => {
  if (sudo === "root") return ok("sudo", "the account is root");
  if (sudo === "sudo") return ok("sudo", "without a password");
  if (/must have a tty|requiretty|no tty present/.test(sudoError) && !/password/.test(sudoError)) {
    return problem(
      "sudo",
      "sudo requires a terminal (requiretty)",
      `As root on the server: echo 'Defaults:${account} !requiretty' > /etc/sudoers.d/berth-tty`,
    );
  }
  const install = sudoError.includes("not installed") ? "apt-get install sudo && " : "";
  return problem(
    "sudo",
    sudoError || `the account ${account} cannot use sudo`,
    `As root on the server: ${install}echo '${account} ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/${account}; or sign in as root: pulumi config set serverUser root --stack ${stack}`,
  );
});

export const account = onServer("account", ({ account, inPasswd, sudo }) => {
  if (inPasswd || sudo === "root") return ok("account", account);
  return problem(
    "account",
    `${account} is a directory account (LDAP, OS Login), not in /etc/passwd`,
    "usermod cannot add it to the group docker. Deploy with a local account: adduser deploy, with sudo and your key.",
  );
});

export const distribution = onServer("distribution", ({ system, has }) => {
  const found = system.name || "unknown";
  if (!has.has("apt-get") || !has.has("systemctl")) {
    return problem(
      "distribution",
      found,
      "Use Ubuntu 22.04 or later: a deployment installs Docker with apt-get and starts it with systemd.",
    );
  }
  const oldest = { ubuntu: 22.04, debian: 12 }[system.id];
  if (oldest !== undefined && Number(system.version) >= oldest) return ok("distribution", found);
  return warning(
    "distribution",
    found,
    "Not tested. Tested distributions: Ubuntu 22.04 and later, Debian 12 and later.",
  );
});

export const kernel: Judgement = ({ server, connection, workstation }) => {
  if (!server) return skipped("kernel", "the server is not reachable");
  const found = `${server.kernel}, ${server.machine}`;
  if (server.has.has("tcp_migrate_req")) return ok("kernel", found);
  const virtual = connection.kind === "local" && workstation.platform !== "linux";
  if (virtual) return skipped("kernel", "containers run in the engine's virtual machine");
  return problem(
    "kernel",
    found,
    "Zero-downtime deploys need Linux 5.14 or later (Ubuntu 22.04 has 5.15): upgrade the server's system and reboot.",
  );
};

export const aptLock = onServer("package manager", ({ aptLock, docker, has }) => {
  if (!aptLock) return ok("package manager", "free");
  const found = `${aptLock.program || "a program"} (process ${aptLock.pid}) holds its lock`;
  if (docker.version && has.has("jq")) return ok("package manager", `${found}; nothing to install`);
  return warning(
    "package manager",
    found,
    "A new server installs updates for some minutes. Wait until it has finished: cloud-init status --wait",
  );
});

export const clock: Judgement = ({ server, connection, settings }) => {
  if (connection.kind === "local") return skipped("clock", "the stack is on this machine");
  if (!server) return skipped("clock", "the server is not reachable");
  const { clockAhead } = server;
  const seconds = Math.abs(clockAhead);
  if (seconds <= 30) return ok("clock", "within 30 s of this machine's");
  const found = `${seconds} s ${clockAhead > 0 ? "ahead of" : "behind"} this machine's`;
  const advice = "Synchronize both clocks: timedatectl set-ntp true";
  if (seconds <= 300) return warning("clock", found, advice);
  const why =
    settings.values["tls"] === "off" ? "Signed tokens and package lists are rejected" : "Certificates are rejected";
  return problem("clock", found, `${why} with such a difference. ${advice}`);
};

export const firewall: Judgement = ({ server, publicPorts, connection, settings }) => {
  if (connection.kind === "local") return skipped("firewall", "the stack is on this machine");
  if (!server) return skipped("firewall", "the server is not reachable");
  const active =
    server.firewalls.length > 0
      ? `${server.firewalls.join(", ")} active (ufw does not filter ports that Docker publishes)`
      : "none detected on the server";
  const filtered = publicPorts.filter(({ state }) => state === "filtered").map(({ port }) => port);
  if (filtered.length === 0) return ok("firewall", active);
  const found = `${active}; no answer from port ${filtered.join(", ")}`;
  const advice =
    "A firewall between this machine and the server drops packets: open the port in the provider's firewall or security group.";
  return settings.values["tls"] === "acme" && filtered.includes(80)
    ? problem("firewall", found, advice)
    : warning("firewall", found, advice);
};
