import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where secrets are files, a name each. */
const FOLDER = process.env["SECRETS_FOLDER"] ?? "/run/secrets";

/** A secret without the line's end, or undefined where there is none: an empty one counts as none. */
export function optionalSecret(name: string): string | undefined {
  const file = join(FOLDER, name);
  return (existsSync(file) && readFileSync(file, "utf8").trim()) || undefined;
}

/** @throws where there is none. */
export function secret(name: string): string {
  const value = optionalSecret(name);
  if (value === undefined) throw new Error(`The secret ${name} is missing: ${join(FOLDER, name)} has to hold it.`);
  return value;
}
