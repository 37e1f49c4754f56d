import { z } from "zod";
import { flag, list, parsed } from "../kinds.ts";
import { parseRebootWindow } from "../reboot-window.ts";
import { setting } from "../setting.ts";

/** `8443/tcp`, or `51820/udp`. */
const PORT = /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])\/(?:tcp|udp)$/;

/** Hardening of the server, each step on its own. */
export const hardeningSettings = {
  hardeningFirewall: setting(flag, {
    default: false,
    description:
      "Whether a firewall on the server closes all ports but those of sshd, of the site and of hardeningFirewallPorts, also ports that containers of others publish. The server takes it back if Berth cannot sign in again (docs/hardening.md). Without effect on this machine's engine, like all settings hardening….",
    rollback: false,
  }),
  hardeningFirewallPorts: setting(list(z.string().regex(PORT, "must be ports such as 8443/tcp or 51820/udp")), {
    default: [],
    description: "Further ports that the firewall opens, each as 8443/tcp or 51820/udp.",
    rollback: false,
  }),
  hardeningSsh: setting(flag, {
    default: false,
    description:
      "Whether the server's sshd refuses passwords. The server takes it back if Berth cannot sign in again with its key.",
    rollback: false,
  }),
  hardeningUpdates: setting(flag, {
    default: false,
    description: "Whether the server installs security updates by itself, daily (unattended-upgrades).",
    rollback: false,
  }),
  hardeningRebootWindow: setting(parsed(parseRebootWindow), {
    default: "",
    description:
      "When the server may reboot if its updates need that, e.g. 03:00-05:00 or Sun 03:00-05:00 Europe/Berlin; without a time zone, it is UTC. With alertsTo, a reboot is announced five minutes before. Empty: it does not reboot by itself. It needs hardeningUpdates.",
    rollback: false,
  }),
  hardeningBans: setting(flag, {
    default: false,
    description:
      "Whether the server bans addresses for an hour whose sign-ins fail (fail2ban): five times at sshd, or ten times with a password of basicAuth. Addresses that have signed in with an SSH key are spared. The site's visitors are not banned behind trustedProxies.",
    rollback: false,
  }),
};
