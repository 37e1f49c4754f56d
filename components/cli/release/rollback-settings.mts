import { standardSettings } from "../../settings/standard.ts";

/** Settings by full name, `<project>:<name>`, as in the stack's file. */
export type Config = Record<string, unknown>;

interface Project {
  name: string;
  config?: Record<string, unknown>;
}

/**
 * Replaces the stack's settings by those that an earlier release recorded, and drops settings that it did not declare.
 * Secrets and settings of the server are never recorded and keep their values.
 */
export function rollbackSettings(
  now: Config,
  recorded: Record<string, string>,
  { name, config = {} }: Project,
): Config {
  const prefix = `${name}:`;
  const unaffected = Object.entries(now).filter(([key]) => {
    const setting = key.slice(prefix.length);
    return !key.startsWith(prefix) || (setting in config && !(setting in recorded));
  });
  const restored = Object.entries(recorded).map(([setting, text]) => [prefix + setting, value(text)]);
  return Object.fromEntries([...unaffected, ...restored]);
}

/** The differences between two releases' settings, e.g. `maxPdfSizeMb: 61 → 60`. */
export function settingChanges(from: Record<string, string>, to: Record<string, string>): string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => from[name] !== to[name])
    .sort()
    .map((name) => `${name}: ${from[name] || "(none)"} → ${to[name] || "(none)"}`);
}

/** Releases record lists as JSON. */
function value(text: string): unknown {
  return text.startsWith("[") || text.startsWith("{") ? JSON.parse(text) : text;
}

/**
 * The settings that a release declares in its Pulumi.yaml. A project that leaves the standard settings to the package has them
 * too, without declaring them.
 */
export function knownSettings(declared: Record<string, unknown>): Record<string, unknown> {
  return "serverHost" in declared ? declared : { ...standardSettings, ...declared };
}
