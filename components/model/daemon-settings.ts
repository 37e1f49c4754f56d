import { isDeepStrictEqual } from "node:util";
import { isRecord, parseJson } from "./values.ts";

/** Settings of a Docker engine (daemon.json). */
export type DaemonSettings = Record<string, unknown>;

/** The settings that Berth wants for a server's engine. */
export function daemonSettings(registryMirrors: string[] = []): DaemonSettings {
  const plain = registryMirrors.filter((url) => url.startsWith("http://"));
  return {
    "live-restore": true,
    "no-new-privileges": true,
    "log-driver": "json-file",
    "log-opts": { "max-size": "10m", "max-file": "3" },
    ...(registryMirrors.length > 0 && { "registry-mirrors": registryMirrors }),
    // BuildKit uses a mirror without TLS only if it is also listed here, with its scheme.
    // From 29.10 on, an engine with this list no longer adds this machine's own addresses.
    ...(plain.length > 0 && { "insecure-registries": [...plain, "127.0.0.0/8", "::1/128"] }),
  };
}

/** An engine in which settings can clash with those of Berth. */
export interface ConfiguredEngine {
  /** Its current settings. */
  current: DaemonSettings;
  /** Flags in the command line of dockerd. */
  flags: string;
  /** Whether it is in Swarm mode. */
  swarm: boolean;
  /** Whether containers that Berth did not deploy run. */
  servesOthers: boolean;
}

export interface Applicable {
  settings: DaemonSettings;
  /** Settings that clash, each with the reason why it is left out. */
  omitted: Record<string, string>;
}

/** Flags of dockerd whose names differ from those of the settings. */
const FLAGS: Record<string, string> = {
  "log-opts": "log-opt",
  "registry-mirrors": "registry-mirror",
  "insecure-registries": "insecure-registry",
};

/**
 * The settings that an engine accepts beside its own. Berth's containers name their log driver and forbid new privileges
 * themselves, so what is left out affects other containers only.
 */
export function applicableSettings(wanted: DaemonSettings, engine: ConfiguredEngine): Applicable {
  const { current, flags, swarm, servesOthers } = engine;
  const driver = /--log-driver[= ]"?([\w-]+)/.exec(flags)?.[1] ?? current["log-driver"] ?? "json-file";
  const omitted: Record<string, string> = {};
  for (const name of Object.keys(wanted)) {
    const flag = FLAGS[name] ?? name;
    const ofLogs = name === "log-driver" || name === "log-opts";
    if (new RegExp(`(^|\\s)--${flag}(=|\\s|$)`).test(flags)) omitted[name] = `dockerd starts with --${flag}`;
    else if (ofLogs && driver !== "json-file") omitted[name] = `the engine logs with ${driver}`;
    else if (name === "live-restore" && swarm) omitted[name] = "an engine in Swarm mode does not start with it";
    else if (name === "no-new-privileges" && servesOthers && current[name] === undefined)
      omitted[name] = "other containers on the server may need new privileges";
  }
  const settings = Object.fromEntries(Object.entries(wanted).filter(([name]) => !(name in omitted)));
  return { settings, omitted };
}

/** Merges settings into the current ones. Of lists, it keeps the other entries. */
export function mergedInto(current: DaemonSettings, settings: DaemonSettings): DaemonSettings {
  const merged = Object.entries(settings).map(([name, value]) => [name, mergedValue(current[name], value)] as const);
  return { ...current, ...Object.fromEntries(merged) };
}

function mergedValue(current: unknown, value: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(current)) {
    return value.every((one) => current.includes(one)) ? current : [...new Set([...value, ...current])];
  }
  return isRecord(value) && isRecord(current) ? mergedInto(current, value) : value;
}

/** Names of the settings that differ. */
export function changedSettings(before: DaemonSettings, after: DaemonSettings): string[] {
  return Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

/** Parses daemon.json; an empty text is an empty object, undefined if it is not a JSON object. */
export function parseDaemonJson(text: string): DaemonSettings | undefined {
  const value = text.trim() === "" ? {} : parseJson(text);
  return isRecord(value) ? value : undefined;
}
