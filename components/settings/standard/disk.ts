import { number } from "../kinds.ts";
import { setting } from "../setting.ts";

/** Bounds of what releases leave on the server's disk. */
export const diskSettings = {
  diskBuildCacheMb: setting(number(0, 1_000_000), {
    default: 0,
    description:
      "Maximum size of the cache of builds on the server. After a release, the least used entries are removed. The engine has one cache for all who build with it. 0: only entries that were not used for 14 days are removed.",
    unit: "MB",
    rollback: false,
  }),
  diskUnusedVolumeDays: setting(number(0, 3650), {
    default: 0,
    description:
      "Volumes of the stack that its program no longer has and no container uses are deleted with their data by a release so many days after one that has found them unused. 0: they are kept.",
    unit: "days",
    rollback: false,
  }),
};
