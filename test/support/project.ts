import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { asText } from "../../components/settings/setting";

/** A setting as Pulumi.yaml declares it. */
export interface Declared {
  type: string;
  default: unknown;
  description: string;
}

/** The project's own settings in Pulumi.yaml, without Pulumi's. */
export function declaredSettings(): Record<string, Declared> {
  const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, Declared> };
  return Object.fromEntries(Object.entries(config).filter(([name]) => !name.includes(":")));
}

/** The defaults as Pulumi passes them to the program: as text. */
export function defaultSettings(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(declaredSettings()).map(([name, { default: value }]) => [name, asText(value)]),
  );
}
