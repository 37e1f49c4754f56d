import type { z } from "zod";
import type { RawSettings } from "./kinds.ts";

/** How a setting's text is checked and read, e.g. `number(1, 20)`. */
export type Form<Value = unknown> = z.ZodType<Value, string>;

/** A value as YAML has it. */
export type Default = string | number | boolean | readonly string[];

export interface Declaration {
  /** What the setting does, in whole sentences. Unit, variable and how to set a secret are added where it is shown. */
  description: string;
  /** Its value where a stack sets none; an empty text is no value. Default: none, so that each stack must set it. */
  default?: Default;
  /** Unit of its value, e.g. `MiB` or `seconds`. Default: none. */
  unit?: string;
  /** Whether it may only be set with `--secret`. Default: false. */
  secret?: boolean;
  /** Whether a rollback restores it. Default: true, but secrets are never restored. */
  rollback?: boolean;
  /** Former name of the setting. A stack that still sets it gets an error with the new name. Default: none. */
  formerly?: string;
  /** Environment variable the application gets it by (`readConfig().env`). Default: none. A secret reaches it by a file. */
  env?: string;
}

/** A setting of a stack, with all that is known of it. */
export interface Setting<F extends Form = Form> extends Declaration {
  form: F;
}

/** Settings by their names. */
export type Settings = Readonly<Record<string, Setting>>;

/** What their forms make of them. */
export type ValuesOf<S extends Settings> = { [Name in keyof S]: z.output<S[Name]["form"]> };

/**
 * Declares a setting, once for all: Pulumi.yaml, docs/settings.md and the application's environment follow from it.
 * @throws for a default that the form refuses, and for a secret that has a default or an environment variable.
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

/** A value of a YAML file in the text form in which Pulumi passes it to programs. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** All settings as text, those that are not given by their defaults. */
export function withDefaults(given: RawSettings, settings: Settings): RawSettings {
  const defaults = Object.entries(settings).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, asText(value)] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

/** Environment variables of the settings that declare one: a list joined by commas, and none for a setting without a value. */
export function environment<S extends Settings>(settings: S, values: ValuesOf<S>): Record<string, string> {
  const variables = Object.entries(settings).flatMap(([name, { env }]) => {
    const value = values[name];
    return env === undefined || value === undefined ? [] : [[env, String(value)] as const];
  });
  return Object.fromEntries(variables);
}
