import { number } from "../kinds.ts";
import { setting } from "../setting.ts";

/**
 * The rate limit of sign-ins: `signInsPerMinute`, for the settings of `Edge`.
 *
 * @example ...signInSettings("sign-in and sign-up attempts")
 */
export function signInSettings(attempts = "sign-in attempts") {
  return {
    signInsPerMinute: setting(number(1, 10_000), {
      default: 10,
      description: `Rate limit of ${attempts} from one address.`,
      unit: "requests per minute",
    }),
  };
}
