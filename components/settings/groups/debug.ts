import { flag } from "../kinds.ts";
import { setting } from "../setting.ts";

/** The debug mode of the application's framework: `debug`, in the environment as `DEBUG`. */
export function debugSettings(framework: string) {
  return {
    debug: setting(flag, {
      default: false,
      description: `${framework}'s debug mode. Never use it where others can reach the site.`,
      env: "DEBUG",
    }),
  };
}
