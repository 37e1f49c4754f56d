import { type Check, info, ok, skipped } from "../check.mts";
import type { Facts, Server } from "../facts.mts";

/** What hardens the server. What is off is no reason against a deployment. */
export function hardening({ server, connection, stack }: Facts): Check[] {
  if (connection.kind === "local" || !server) return [];
  return [firewall(server), passwords(server), updates(server), bans(server)].map((check) =>
    check.advice === "" ? check : { ...check, advice: `${check.advice} --stack ${stack} (docs/hardening.md)` },
  );
}

function firewall({ hardening, firewalls }: Server): Check {
  const name = "published ports";
  if (hardening.firewall) return ok(name, "Berth's firewall holds for them");
  const others = firewalls.filter((one) => one !== "nftables");
  if (others.length > 0)
    return info(name, `${others.join(", ")} does not hold for ports that Docker publishes`, FIREWALL);
  return info(name, "no firewall on the server holds for ports that Docker publishes", FIREWALL);
}

const FIREWALL = "Turn on Berth's firewall, where none is active: pulumi config set hardeningFirewall true";

function passwords({ hardening }: Server): Check {
  const name = "SSH passwords";
  if (hardening.passwords === undefined) return skipped(name, "only root can read sshd's configuration");
  if (!hardening.passwords) return ok(name, "refused");
  return info(name, "accepted by sshd", "Let it accept keys only: pulumi config set hardeningSsh true");
}

function updates({ hardening }: Server): Check {
  const name = "security updates";
  if (hardening.updates) return ok(name, "installed automatically");
  return info(name, "not installed automatically", "Install them daily: pulumi config set hardeningUpdates true");
}

function bans({ hardening }: Server): Check {
  const name = "failed sign-ins";
  if (hardening.bans) return ok(name, "fail2ban runs");
  return info(name, "do not lead to bans", "Ban their addresses: pulumi config set hardeningBans true");
}
