import { number } from "../kinds.ts";
import { setting } from "../setting.ts";

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
};
