import type { RawSettings } from "./kinds.ts";

/** The command that sets a setting, e.g. `pulumi config set siteName …`. */
export type HowToSet = (name: string) => string;

/** A sentence for each of the settings that has no value. */
export function missing(raw: RawSettings, names: string[], why: string, howToSet: HowToSet): string[] {
  return names.filter((name) => !raw[name]).map((name) => `${name} is missing, as ${why} (${howToSet(name)})`);
}
