import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Problem } from "../../model/problem.ts";
import { isRecord } from "../../model/values.ts";
import { asText, withDefaults } from "../../settings/setting.ts";
import { standardSettings } from "../../settings/standard.ts";
import { readYaml } from "../project/project.mts";
import { type Stack, settingsFile } from "../project/stack.mts";

/** A stack's settings, read from its files without running the program. */
export interface Settings {
  /** Name of the stack's settings file. */
  file: string;
  exists: boolean;
  /** Values as text, defaults included, without secrets. */
  values: Readonly<Record<string, string>>;
  /** Names of encrypted settings. */
  secrets: string[];
  /** Invalid values of the settings that every stack has, a sentence each. */
  problems: string[];
  /** Ports for tools on the loopback address: settings whose name ends in Port and whose default is 0 (no port). */
  toolPorts: Record<string, number>;
}

const File = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() }).nullish();
const Declaration = z.looseObject({ default: z.unknown() });

export function readSettings(stack: Stack): Settings {
  const { project } = stack;
  const file = settingsFile(stack);
  const exists = existsSync(file);
  const declared = Object.entries(configIn(join(project.folder, "Pulumi.yaml")));
  const stackSettings = ownSettings(exists ? configIn(file) : {}, project.name);
  const defaults = Object.fromEntries(declared.map(([name, value]) => [name, defaultOf(value)]));
  const secrets = Object.keys(stackSettings).filter((name) => isSecret(stackSettings[name]));
  const plainValues = Object.entries({ ...defaults, ...stackSettings }).filter(
    ([name, value]) => value !== undefined && !secrets.includes(name) && !name.includes(":"),
  );
  const values = withDefaults(
    Object.fromEntries(plainValues.map(([name, value]) => [name, asText(value)])),
    standardSettings,
  );
  const tools = Object.keys(defaults).filter((name) => name.endsWith("Port") && asText(defaults[name]) === "0");
  return {
    file: `Pulumi.${stack.name}.yaml`,
    exists,
    values,
    secrets,
    problems: problemsOf(values),
    toolPorts: Object.fromEntries(
      tools.map((name) => [name, Number(values[name])] as const).filter(([, port]) => port > 0),
    ),
  };
}

/** @throws Problem if the file has no valid `config`. */
function configIn(file: string): Record<string, unknown> {
  const parsed = File.safeParse(readYaml(file));
  if (!parsed.success) throw new Problem(`${file} is invalid: config must map setting names to values.`);
  return parsed.data?.config ?? {};
}

function problemsOf(values: Settings["values"]): string[] {
  return Object.entries(standardSettings).flatMap(([name, { form, secret }]) => {
    const value = values[name] ?? "";
    const wrong = z.safeParse(form, value).error?.issues[0]?.message;
    return [
      ...(wrong === undefined ? [] : [`${name} ${wrong}${secret ? "" : `, but is ${value}`}`]),
      ...(secret && value !== "" ? [`${name} is in plain text, without --secret`] : []),
    ];
  });
}

/** Removes the prefix `<project>:`, which is optional in Pulumi. */
function ownSettings(config: Record<string, unknown>, project: string): Record<string, unknown> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name.startsWith(prefix) ? name.slice(prefix.length) : name, value]),
  );
}

/** A project declares a setting as `{ default: value }` or as the value alone. */
function defaultOf(declared: unknown): unknown {
  const parsed = Declaration.safeParse(declared);
  return parsed.success ? parsed.data.default : declared;
}

function isSecret(value: unknown): boolean {
  return isRecord(value) && "secure" in value;
}
