import type { Setting } from "./setting.ts";

/** A setting's description with its unit, and for a secret the option to set it with. */
export function described({ description, unit, secret }: Setting): string {
  return [description, ...(unit ? [`Unit: ${unit}.`] : []), ...(secret ? ["Set it with --secret."] : [])].join(" ");
}
