import type { Setting } from "./setting.ts";

/** A setting's description, with its unit and how a secret is set. */
export function described({ description, unit, secret }: Setting): string {
  return [description, ...(unit ? [`Unit: ${unit}.`] : []), ...(secret ? ["Set it with --secret."] : [])].join(" ");
}
