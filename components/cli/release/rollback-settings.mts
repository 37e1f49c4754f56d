import { standardSettings } from "../../settings/standard.ts";

/** As a stack's file has it: settings by their full name. */
export type Config = Record<string, unknown>;

interface Project {
  name: string;
  config?: Record<string, unknown>;
}

/**
 * The stack's settings with those of an earlier release: what it recorded counts, and what it did not know is left out.
 * Secrets and what belongs to the server are never recorded, and stay as they are.
 */
export function rolledBack(now: Config, recorded: Record<string, string>, { name, config = {} }: Project): Config {
  const own = `${name}:`;
  const stay = Object.entries(now).filter(([key]) => {
    const setting = key.slice(own.length);
    return !key.startsWith(own) || (setting in config && !(setting in recorded));
  });
  const back = Object.entries(recorded).map(([setting, text]) => [own + setting, value(text)]);
  return Object.fromEntries([...stay, ...back]);
}

/** What is different, for people: `maxPdfSizeMb: 61 → 60`. */
export function settingChanges(from: Record<string, string>, to: Record<string, string>): string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => from[name] !== to[name])
    .sort()
    .map((name) => `${name}: ${from[name] || "(none)"} → ${to[name] || "(none)"}`);
}

/** Lists are recorded as JSON, and have to be lists again. */
function value(text: string): unknown {
  return text.startsWith("[") || text.startsWith("{") ? JSON.parse(text) : text;
}

/**
 * The settings that a release knows, by its Pulumi.yaml. One that leaves the standard settings to the package declares none of them,
 * and knows them all the same.
 */
export function knownSettings(declared: Record<string, unknown>): Record<string, unknown> {
  return "serverHost" in declared ? declared : { ...standardSettings, ...declared };
}
