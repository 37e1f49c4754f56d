import type { ValuesOf } from "./setting.ts";
import { alertSettings } from "./standard/alerts.ts";
import { backupSettings } from "./standard/backups.ts";
import { diskSettings } from "./standard/disk.ts";
import { hardeningSettings } from "./standard/hardening.ts";
import { logSettings } from "./standard/logs.ts";
import { serverSettings } from "./standard/server.ts";
import { siteSettings } from "./standard/site.ts";

/** The settings of every stack, in the order in which Pulumi.yaml and docs/settings.md show them. */
export const standardSettings = {
  ...siteSettings,
  ...serverSettings,
  ...backupSettings,
  ...alertSettings,
  ...logSettings,
  ...hardeningSettings,
  ...diskSettings,
};

export type StandardSettings = ValuesOf<typeof standardSettings>;
