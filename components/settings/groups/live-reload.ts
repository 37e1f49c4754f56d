import { flag, type RawSettings } from "../kinds.ts";
import type { OwnSettings } from "../own.ts";
import { type Declaration, setting } from "../setting.ts";

export interface LiveReloadOptions extends Pick<Declaration, "env"> {
  /** Whether it requires the setting `debug`. Default: false. */
  requiresDebug?: boolean;
}

/**
 * Development from the sources on this machine: the setting `liveReload`, and a check that it is not used for a server.
 *
 * @example
 * const live = liveReload("the backend", { env: "LIVE_RELOAD", requiresDebug: true });
 * export const ownSettings = { settings: { ...live.settings }, check: live.check } satisfies OwnSettings;
 */
export function liveReload(containers: string, { env, requiresDebug = false }: LiveReloadOptions = {}) {
  return {
    settings: {
      liveReload: setting(flag, {
        default: false,
        description: [
          `For development on this machine: runs ${containers} from the sources, reloaded on every edit.`,
          ...(requiresDebug ? ["Requires debug."] : []),
        ].join(" "),
        ...(env !== undefined && { env }),
      }),
    },
    /** The check of these settings, for `OwnSettings.check`. */
    check: ({ liveReload, debug, serverHost }: RawSettings) => [
      ...(liveReload === "true" && requiresDebug && debug !== "true"
        ? ["liveReload is for debug mode only (pulumi config set debug true, or liveReload false)"]
        : []),
      ...(liveReload === "true" && serverHost
        ? [
            "liveReload reads the sources on this machine, so it cannot be used with serverHost (pulumi config set liveReload false)",
          ]
        : []),
    ],
  } satisfies OwnSettings;
}
