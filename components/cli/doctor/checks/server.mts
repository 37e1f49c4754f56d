import * as access from "../../../remote/server/checks/access.mts";
import * as system from "../../../remote/server/checks/system.mts";
import { type Judgement, ok, problem, skipped, warning } from "../check.mts";
import { onAnyMachine, onServer } from "../target.mts";
import { validatedOverHttp } from "./settings.mts";

export const sudo = onServer("sudo", access.sudo);
export const account = onServer("account", access.account);
export const distribution = onServer("distribution", system.distribution);
export const aptLock = onServer("package manager", system.aptLock);
export const clock = onServer("clock", system.clock);

export const kernel: Judgement = (facts) => {
  const { server, connection, workstation } = facts;
  const virtual = connection.kind === "local" && workstation.platform !== "linux";
  if (virtual && server && !server.has.has("tcp_migrate_req"))
    return skipped("kernel", "containers run in the engine's virtual machine");
  return onAnyMachine("kernel", system.kernel)(facts);
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
  return validatedOverHttp(settings.values) && filtered.includes(80)
    ? problem("firewall", found, advice)
    : warning("firewall", found, advice);
};
