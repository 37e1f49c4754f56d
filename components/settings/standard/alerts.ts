import { parseTargets } from "../../alerts/targets.ts";
import { flag, number, parsed } from "../kinds.ts";
import { setting } from "../setting.ts";

/** Alerts: who gets them, and the thresholds of the watch on the server. */
export const alertSettings = {
  alertsTo: setting(parsed(parseTargets), {
    default: "",
    description:
      "Where alerts go, a line each, e.g. ntfy https://ntfy.sh/<topic>; docs/alerts.md has all kinds. Set it from a file: cat targets | pulumi config set --secret alertsTo. Empty: no alerts. Without effect on this machine's engine.",
    secret: true,
  }),
  alertsAfterMinutes: setting(number(0, 1440), {
    default: 3,
    description:
      "Time that a fault of the site, a container, the engine or memory lasts before it is reported, and is absent before it is over.",
    unit: "minutes",
    rollback: false,
  }),
  alertsReminderHours: setting(number(0, 720), {
    default: 24,
    description: "Time between two reminders of a fault that lasts. 0: none.",
    unit: "hours",
    rollback: false,
  }),
  alertsReleases: setting(flag, {
    default: true,
    description: "Whether completed releases are reported too. Those that fail always are.",
    rollback: false,
  }),
  alertsOutside: setting(flag, {
    default: true,
    description:
      "Whether the server requests the site by its public name too. Set it to false if the server cannot reach its own public address.",
    rollback: false,
  }),
  alertsDiskPercent: setting(number(1, 50), {
    default: 10,
    description: "A disk with less free space or inodes is reported.",
    unit: "percent",
    rollback: false,
  }),
  alertsMemoryPercent: setting(number(1, 50), {
    default: 5,
    description: "A server with less available memory is reported.",
    unit: "percent",
    rollback: false,
  }),
  alertsCertificateDays: setting(number(1, 90), {
    default: 14,
    description:
      "A certificate is reported so long before its end, but at most in the last sixth of its time, as managed ones may be short-lived.",
    unit: "days",
    rollback: false,
  }),
  alertsRestarts: setting(number(2, 100), {
    default: 3,
    description: "A container that restarts so often within 15 minutes is reported.",
    rollback: false,
  }),
  alertsUpdateDays: setting(number(0, 365), {
    default: 7,
    description: "Security updates that are not installed, and a reboot that they need, are reported after this time.",
    unit: "days",
    rollback: false,
  }),
};
