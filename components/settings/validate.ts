import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { certificateProblems } from "../edge/certificate.ts";
import { parseServers } from "../model/cluster-servers.ts";
import { registryProblems } from "../model/registry.ts";
import { acmeProblems } from "./acme.ts";
import { clusterProblems } from "./cluster.ts";
import { frontDoorProblems } from "./front-door.ts";
import { entriesOf, type RawSettings } from "./kinds.ts";
import { type HowToSet, missing } from "./missing.ts";
import { certificateNames } from "./names.ts";
import type { OwnSettings } from "./own.ts";
import { type Settings, type ValuesOf, withDefaults } from "./setting.ts";
import { type StandardSettings, standardSettings } from "./standard.ts";

type Values<Own extends Settings> = StandardSettings & ValuesOf<Own>;

export interface Validated<Own extends Settings> {
  /** Absent if there is a problem. */
  values?: Values<Own>;
  /** One sentence for each problem, with what to set instead. */
  problems: string[];
}

/** Validates raw settings. `secret` holds the names of those that were set with --secret. */
export function validate<Own extends Settings>(
  given: RawSettings,
  secret: ReadonlySet<string>,
  own: OwnSettings<Own>,
): Validated<Own> {
  const settings: Settings = { ...standardSettings, ...own.settings };
  const renamed = formerNames(settings);
  const raw = withDefaults(withoutEmpty(given, renamed), settings);
  const names = Object.keys(settings);
  const shape = Object.fromEntries(Object.entries(settings).map(([name, { form }]) => [name, form]));
  const parsed = z.object(shape).safeParse(raw);
  const howToSet = (name: string) => `pulumi config set ${settings[name]?.secret ? "--secret " : ""}${name} …`;
  const problems = Object.keys(raw)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const current = renamed.get(name);
      if (current === undefined) {
        return `${name} is not a setting. Did you mean ${closest(name, names)}? (pulumi config rm ${name})`;
      }
      return `${name} has been renamed to ${current} (${howToSet(current)}, then pulumi config rm ${name})`;
    });
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0]);
    const shown = settings[name]?.secret ? message : `${message}, but is ${JSON.stringify(raw[name])}`;
    problems.push(`${name} ${raw[name] === undefined ? "is missing" : shown} (${howToSet(name)})`);
  }
  for (const name of names.filter((name) => settings[name]?.secret)) {
    if (raw[name] && !secret.has(name)) {
      problems.push(
        `${name} is in plain text in the stack's file. Change it, then: pulumi config set --secret ${name}`,
      );
    }
  }
  problems.push(
    ...server(raw),
    ...clusterProblems(raw, howToSet),
    ...families(raw, howToSet),
    ...frontDoorProblems(raw, howToSet),
    ...registry(raw, howToSet),
    ...dockerHub(raw, howToSet),
    ...tls(raw, howToSet),
    ...offsite(raw, howToSet),
    ...shipping(raw, howToSet),
    ...hardening(raw, howToSet),
    ...(own.check?.(raw) ?? []),
  );
  return parsed.success && problems.length === 0 ? { values: parsed.data as Values<Own>, problems } : { problems };
}

/** The settings that a release records and a rollback restores, as text. */
export function recorded(given: RawSettings, own: OwnSettings): Record<string, string> {
  const settings: Settings = { ...standardSettings, ...own.settings };
  return Object.fromEntries(
    Object.entries(withDefaults(given, settings))
      .filter(([name]) => name in settings && !settings[name]?.secret && settings[name]?.rollback !== false)
      .sort(),
  );
}

/** Names of renamed settings by their former names. */
function formerNames(settings: Settings): Map<string, string> {
  return new Map(Object.entries(settings).flatMap(([name, { formerly }]) => (formerly ? [[formerly, name]] : [])));
}

/** An empty former setting is the default of an older Pulumi.yaml, as a rollback may bring back. It means nothing. */
function withoutEmpty(given: RawSettings, renamed: Map<string, string>): RawSettings {
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== "" || !renamed.has(name)));
}

function server(raw: RawSettings): string[] {
  if (!raw["serverHost"] || raw["serverHostKey"]) return [];
  return [
    "serverHostKey is missing: without it, anybody could answer for the server (pulumi config set serverHostKey 'ssh-ed25519 …')",
  ];
}

/** A site whose only name is the IPv6 address of its server is unreachable by IPv4. */
function families({ serverHost = "", siteName, httpAddress = "" }: RawSettings, howToSet: HowToSet): string[] {
  if (siteName || !serverHost.includes(":") || httpAddress.includes(":")) return [];
  return [
    `The site's address is ${serverHost}, but it listens on IPv4 only, httpAddress ${httpAddress} (${howToSet("httpAddress").replace("…", "0.0.0.0,::")})`,
  ];
}

function registry(raw: RawSettings, howToSet: HowToSet): string[] {
  if (!raw["registryAddress"]) return [];
  return [
    ...registryProblems(raw["registryAddress"]),
    ...missing(raw, ["registryUsername", "registryPassword"], "registryAddress is set", howToSet),
  ];
}

function dockerHub(raw: RawSettings, howToSet: HowToSet): string[] {
  const names = ["dockerHubUser", "dockerHubToken"];
  const set = names.find((name) => raw[name]);
  return set ? missing(raw, names, `${set} is set`, howToSet) : [];
}

function tls(raw: RawSettings, howToSet: HowToSet): string[] {
  const { siteName, serverHost } = raw;
  const { value: servers } = parseServers(raw["servers"] ?? "");
  const names = certificateNames({ siteName, serverHost, servers, allowedHosts: entriesOf(raw["allowedHosts"]) });
  if (raw["tls"] === "own") {
    const absent = missing(raw, ["tlsCertificate", "tlsKey"], "tls is own", howToSet);
    if (absent.length > 0) return absent;
    return certificateProblems({ certificate: raw["tlsCertificate"] ?? "", key: raw["tlsKey"] ?? "", names });
  }
  return raw["tls"] === "acme" ? acmeProblems(raw, names, howToSet) : [];
}

/** What is shipped are the entries of the journal. */
function shipping({ logsShipTo, logsMaxSizeMb = "0" }: RawSettings, howToSet: HowToSet): string[] {
  if (!logsShipTo || logsMaxSizeMb !== "0") return [];
  return [
    `logsMaxSizeMb is 0, but logsShipTo is set, which ships the journal (${howToSet("logsMaxSizeMb").replace("…", "1024")})`,
  ];
}

function hardening(raw: RawSettings, howToSet: HowToSet): string[] {
  const { hardeningRebootWindow, hardeningUpdates, hardeningBans, logFormat } = raw;
  return [
    ...(hardeningRebootWindow && hardeningUpdates !== "true"
      ? [
          `hardeningRebootWindow is set, but hardeningUpdates is not true (${howToSet("hardeningUpdates").replace("…", "true")})`,
        ]
      : []),
    ...(hardeningBans === "true" && logFormat === "text"
      ? [
          `hardeningBans needs logFormat json, in which nginx says that it has refused a sign-in itself (${howToSet("logFormat").replace("…", "json")})`,
        ]
      : []),
  ];
}

/** Off-site backups need a passphrase of the user's: a generated one would be lost together with the state. */
function offsite(raw: RawSettings, howToSet: HowToSet): string[] {
  const names = ["backupS3Endpoint", "backupS3Bucket", "backupS3AccessKeyId", "backupS3SecretAccessKey"];
  const set = names.find((name) => raw[name]);
  return set ? missing(raw, [...names, "backupPassphrase"], `${set} is set`, howToSet) : [];
}
