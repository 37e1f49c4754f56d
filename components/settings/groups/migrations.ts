import { number } from "../kinds.ts";
import { setting } from "../setting.ts";

/** The setting of the `Job` that migrates the database: `migrationTimeoutSeconds`, for its argument `timeout`. */
export const migrationSettings = {
  migrationTimeoutSeconds: setting(number(1, 86_400), {
    default: 600,
    description: "Timeout of a release's migrations. After it, the release fails and the previous one keeps serving.",
    unit: "seconds",
  }),
};
