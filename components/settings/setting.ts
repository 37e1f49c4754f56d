import type { z } from "zod";
import type { RawSettings } from "./kinds.ts";

/** Validates and parses a setting's text, e.g. `number(1, 20)`. */
export type Form<Value = unknown> = z.ZodType<Value, string>;

/** A default value in YAML. */
export type Default = string | number | boolean | readonly string[] | Readonly<Record<string, never>>;

export interface Declaration {
  /** Description in full sentences. Unit, environment variable and `--secret` are appended where it is shown. */
  description: string;
  /** Value for stacks that do not set it; an empty text means no value. Without a default, every stack must set it. */
  default?: Default;
  /** Unit, e.g. `MiB` or `seconds`. Default: none. */
  unit?: string;
  /** Whether it must be set with `--secret`. Default: false. */
  secret?: boolean;
  /** Whether a rollback restores it. Default: true, but secrets are never restored. */
  rollback?: boolean;
  /** Former name of the setting. A stack that still sets it gets an error with the new name. Default: none. */
  formerly?: string;
  /** Environment variable that passes it to the application (`readConfig().env`). Default: none. Secrets are passed as files. */
  env?: string;
}

/** A declared setting of a stack. */
export interface Setting<F extends Form = Form> extends Declaration {
  form: F;
}

/** Settings by name. */
export type Settings = Readonly<Record<string, Setting>>;

/** The parsed values of settings, by name. */
export type ValuesOf<S extends Settings> = { [Name in keyof S]: z.output<S[Name]["form"]> };

/**
 * Declares a setting. Pulumi.yaml, docs/settings.md and the application's environment are generated from the declaration.
 * @throws if the form rejects the default, or if a secret has a default or an environment variable.
 * @example gunicornWorkers: setting(number(1, 64), { default: 4, description: "Worker processes.", env: "GUNICORN_WORKERS" })
 */
export function setting<F extends Form>(form: F, declaration: Declaration): Setting<F> {
  const { default: value, secret, env } = declaration;
  if (secret && env !== undefined) throw new Error(`${env}: a secret is passed to a container as a file, not by env`);
  if (secret && value) throw new Error(`A secret has no default: ${declaration.description}`);
  if (value !== undefined) {
    const { error } = form.safeParse(asText(value));
    if (error) throw new Error(`The default ${asText(value)} ${error.issues[0]?.message}: ${declaration.description}`);
  }
  return { form, ...declaration };
}

/** Converts a YAML value to the text form in which Pulumi passes it to programs. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Adds the defaults of the settings that are not given. */
export function withDefaults(given: RawSettings, settings: Settings): RawSettings {
  const defaults = Object.entries(settings).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, asText(value)] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

/** Environment variables of the settings that declare one. Lists are joined by commas; settings without a value are left out. */
export function environment<S extends Settings>(settings: S, values: ValuesOf<S>): Record<string, string> {
  const variables = Object.entries(settings).flatMap(([name, { env }]) => {
    const value = values[name];
    return env === undefined || value === undefined ? [] : [[env, String(value)] as const];
  });
  return Object.fromEntries(variables);
}
