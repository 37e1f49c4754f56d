import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { parseJson, valueOrUndefined } from "../model/values.ts";

/**
 * The decrypted values of the secret settings in a stack's file. Pulumi passes a policy pack all settings decrypted, and does not say
 * which of them are secret; the file does.
 *
 * @param file Path of the stack's file. Without one, there are no secret settings.
 * @param config The settings as Pulumi passes them, with their namespaces.
 */
export function secretSettings(file: string, config: Record<string, string>): string[] {
  const written: unknown = parse(valueOrUndefined(() => readFileSync(file, "utf8")) ?? "")?.config;
  return Object.entries(isObject(written) ? written : {}).flatMap(([key, value]) => secretsIn(value, config[key]));
}

/** Secrets are single settings (`secure: …`) or parts of an object or a list, which Pulumi passes as JSON. */
function secretsIn(written: unknown, decrypted: unknown): string[] {
  if (!isObject(written)) return [];
  if (typeof written["secure"] === "string") return typeof decrypted === "string" ? [decrypted] : [];
  const parts = typeof decrypted === "string" ? parseJson(decrypted) : decrypted;
  return isObject(parts) ? Object.entries(written).flatMap(([key, value]) => secretsIn(value, parts[key])) : [];
}

/** Whether a value has parts: an object, or a list by its indexes. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
