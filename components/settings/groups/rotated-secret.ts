import type { Form, Setting, Settings } from "../setting.ts";
import { generatedSecret, secretVersion } from "./generated-secret.ts";

export type RotatedSecretSettings<Name extends string> = Record<Name, Setting<Form<string | undefined>>> &
  Record<`${Name}Version`, Setting<Form<number>>>;

/** What the settings of a rotated secret say. */
export interface RotatedSecret {
  /** What the secret is, without a full stop. */
  description: string;
  /** Minimum number of characters. */
  minLength: number;
  /** What a rotation does to users, as a sentence. */
  effect: string;
}

/**
 * A secret whose previous value is invalid after a rotation: `<name>` and `<name>Version`. `secretArgs` returns the arguments of
 * `Secret` for them.
 *
 * @example
 * ...rotatedSecretSettings("jwtSecret", {
 *   description: "Key that tokens are signed with",
 *   minLength: 32,
 *   effect: "Users have to sign in again.",
 * })
 */
export function rotatedSecretSettings<Name extends string>(
  name: Name,
  secret: RotatedSecret,
): RotatedSecretSettings<Name>;
export function rotatedSecretSettings(name: string, { description, minLength, effect }: RotatedSecret): Settings {
  return {
    [name]: generatedSecret(minLength, description),
    [`${name}Version`]: secretVersion(`Increase it to rotate a generated ${name}. ${effect}`),
  };
}
