import { number, optionalSecret } from "../kinds.ts";
import { setting } from "../setting.ts";

/**
 * A secret that is generated unless the stack sets it.
 *
 * @example operatorPassword: generatedSecret(12, "Password of the dashboard")
 */
export function generatedSecret(minLength: number, description: string) {
  return setting(optionalSecret(minLength), {
    default: "",
    description: `${description}, at least ${minLength} characters. Empty: a generated one.`,
    secret: true,
  });
}

/** A version whose increase rotates a secret. A rollback keeps it, because the former secret may be known to others. */
export function secretVersion(description: string) {
  return setting(number(1, 1_000_000), { default: 1, description, rollback: false });
}
