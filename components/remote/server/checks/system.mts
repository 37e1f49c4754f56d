import { ok, problem, warning } from "../check.mts";
import type { ServerCheck } from "./target.mts";

export const distribution: ServerCheck = ({ system, has }) => {
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
};

export const kernel: ServerCheck = ({ kernel, machine, has, lacks }) => {
  const found = `${kernel}, ${machine}`;
  if (lacks.length > 0) {
    return problem(
      "kernel",
      `${found}, without the cgroup controllers ${lacks.join(", ")}`,
      "Docker cannot limit containers without them. On a Raspberry Pi, add cgroup_enable=memory to /boot/firmware/cmdline.txt and reboot; in a container, let its host delegate them.",
    );
  }
  if (has.has("tcp_migrate_req")) return ok("kernel", found);
  return problem(
    "kernel",
    found,
    "Zero-downtime deploys need Linux 5.14 or later (Ubuntu 22.04 has 5.15): upgrade the server's system and reboot.",
  );
};

export const aptLock: ServerCheck = ({ aptLock, docker }) => {
  if (!aptLock) return ok("package manager", "free");
  const found = `${aptLock.program || "a program"} (process ${aptLock.pid}) holds its lock`;
  if (docker.version) return ok("package manager", `${found}; nothing to install`);
  return warning(
    "package manager",
    found,
    "A new server installs updates for some minutes. A deployment waits for up to 10 minutes; you can wait yourself: cloud-init status --wait",
  );
};

export const clock: ServerCheck = ({ clockAhead }) => {
  const seconds = Math.abs(clockAhead);
  if (seconds <= 30) return ok("clock", "within 30 s of this machine's");
  const found = `${seconds} s ${clockAhead > 0 ? "ahead of" : "behind"} this machine's`;
  const advice = "Synchronize both clocks: timedatectl set-ntp true";
  if (seconds <= 300) return warning("clock", found, advice);
  return problem(
    "clock",
    found,
    `Certificates, signed tokens and package lists are rejected with such a difference. ${advice}`,
  );
};
