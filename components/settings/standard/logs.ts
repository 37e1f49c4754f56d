import { z } from "zod";
import { certificates, number, optional } from "../kinds.ts";
import { setting } from "../setting.ts";

/** `host:port` */
const SYSLOG_TLS = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:[1-9]\d{0,4}$/;

/** The logs of the containers. */
export const logSettings = {
  logsMaxSizeMb: setting(number(0, 1_000_000), {
    default: 0,
    description:
      "Maximum size of the stack's logs in a journal on the server, which keeps them after their containers and releases are gone. 0: logs end with their containers. Needs root or sudo without a password. Without effect on this machine's engine.",
    unit: "MB",
    rollback: false,
  }),
  logsDays: setting(number(1, 3650), {
    default: 30,
    description: "Days that the journal keeps logs, if logsMaxSizeMb has room for them.",
    unit: "days",
    rollback: false,
  }),
  logsShipTo: setting(optional.pipe(z.string().regex(SYSLOG_TLS, "must be host:port of a syslog server").optional()), {
    default: "",
    description:
      "Server that gets the logs too, e.g. logs.example.org:6514: syslog (RFC 5424) over TLS, which Loki's and OpenTelemetry's collectors take as well (docs/logs.md). It needs logsMaxSizeMb. Empty: none.",
    rollback: false,
  }),
  logsShipAuthority: setting(certificates, {
    default: "",
    description:
      "Certificates (PEM) of the authority that has issued the certificate of logsShipTo. Empty: those that the server trusts.",
    rollback: false,
  }),
};
