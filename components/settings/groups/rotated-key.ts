import { optionalSecret } from "../kinds.ts";
import { type Form, type Setting, type Settings, setting } from "../setting.ts";
import { type RotatedSecretSettings, rotatedSecretSettings } from "./rotated-secret.ts";

export type RotatedKeySettings<Name extends string> = RotatedSecretSettings<Name> &
  Record<`${Name}Fallback`, Setting<Form<string | undefined>>>;

/** What the settings of a rotated key say. */
export interface RotatedKey {
  /** What the key is, without a full stop. */
  description: string;
  /** Minimum number of characters. */
  minLength: number;
  /** What the previous key is still accepted for, e.g. `users stay signed in`. */
  effect: string;
}

/**
 * A key whose previous value stays valid after a rotation: `<name>`, `<name>Fallback` and `<name>Version`. `secretArgs` returns the
 * arguments of `Secret` for them. The application has to accept `Secret.previous` too.
 *
 * @example
 * ...rotatedKeySettings("secretKey", {
 *   description: "Django's SECRET_KEY",
 *   minLength: 50,
 *   effect: "users stay signed in",
 * })
 */
export function rotatedKeySettings<Name extends string>(name: Name, key: RotatedKey): RotatedKeySettings<Name>;
export function rotatedKeySettings(name: string, { effect, ...key }: RotatedKey): Settings {
  const previous = setting(optionalSecret(key.minLength), {
    default: "",
    description: `The previous ${name}, which stays valid so that ${effect}. Empty when it was a generated one.`,
    secret: true,
  });
  return {
    ...rotatedSecretSettings(name, { ...key, effect: `The previous one stays valid, so ${effect}.` }),
    [`${name}Fallback`]: previous,
  };
}
