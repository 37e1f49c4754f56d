import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { certificateProblems, publicNameProblems } from "../edge/certificate";
import type { RawSettings } from "./kinds";
import { certificateNames } from "./names";
import {
  STANDARD_NOT_ROLLED_BACK,
  STANDARD_SECRETS,
  type StandardSettings,
  standardDefaults,
  standardSettings,
} from "./standard";

type Shape = Record<string, z.ZodType<unknown, string>>;

/** The settings a project has beside those of every stack. */
export interface OwnSettings<Own extends Shape = Shape> {
  /** How each is read, by its name in Pulumi.yaml, where its default and description stand. */
  settings: Own;
  /** Those that may only be set with --secret. Default: none. */
  secrets?: readonly string[];
  /** Plain ones a rollback leaves as they are, e.g. the version of a secret. Default: none. */
  notRolledBack?: readonly string[];
  /** Mistakes that concern several settings, a sentence each with what to set instead. Default: none. */
  check?: (raw: RawSettings) => string[];
}

type Values<Own extends Shape> = StandardSettings & z.infer<z.ZodObject<Own>>;

export interface Validated<Own extends Shape> {
  /** Absent when there is a problem. */
  values?: Values<Own>;
  /** A sentence each, with what to set instead. */
  problems: string[];
}

/** Checks raw settings; `secret` names those that were set with --secret. Pure, so that a test can try every mistake. */
export function validate<Own extends Shape>(
  given: RawSettings,
  secret: ReadonlySet<string>,
  own: OwnSettings<Own>,
): Validated<Own> {
  const raw = withDefaults(given);
  const { shape } = z.object({ ...standardSettings, ...own.settings });
  const names = Object.keys(shape);
  const parsed = z.object(shape).safeParse(raw);
  const secrets = [...STANDARD_SECRETS, ...(own.secrets ?? [])];
  const howToSet = (name: string) => `pulumi config set ${secrets.includes(name) ? "--secret " : ""}${name} …`;
  const problems = Object.keys(raw)
    .filter((name) => !names.includes(name))
    .map((name) => `${name} is no setting. Did you mean ${closest(name, names)}? (pulumi config rm ${name})`);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0]);
    const shown = secrets.includes(name) ? message : `${message}, but is ${JSON.stringify(raw[name])}`;
    problems.push(`${name} ${raw[name] === undefined ? "is missing" : shown} (${howToSet(name)})`);
  }
  for (const name of secrets) {
    if (raw[name] && !secret.has(name)) {
      problems.push(
        `${name} stands in plain text in the stack's file. Change it, then: pulumi config set --secret ${name}`,
      );
    }
  }
  problems.push(
    ...server(raw),
    ...registry(raw, howToSet),
    ...tls(raw, howToSet),
    ...offsite(raw, howToSet),
    ...(own.check?.(raw) ?? []),
  );
  return parsed.success && problems.length === 0 ? { values: parsed.data as Values<Own>, problems } : { problems };
}

/** What a rollback brings back, as text. */
export function recorded(
  given: RawSettings,
  { secrets = [], notRolledBack = [] }: OwnSettings,
): Record<string, string> {
  const stay = [...STANDARD_SECRETS, ...STANDARD_NOT_ROLLED_BACK, ...secrets, ...notRolledBack];
  return Object.fromEntries(
    Object.entries(withDefaults(given))
      .filter(([name]) => !stay.includes(name))
      .sort(),
  );
}

function withDefaults(given: RawSettings): RawSettings {
  return { ...standardDefaults, ...given };
}

type HowToSet = (name: string) => string;

function server(raw: RawSettings): string[] {
  if (!raw["serverHost"] || raw["serverHostKey"]) return [];
  return [
    "serverHostKey is missing: without it, anybody could answer for the server (pulumi config set serverHostKey 'ssh-ed25519 …')",
  ];
}

function registry(raw: RawSettings, howToSet: HowToSet): string[] {
  if (!raw["registryAddress"]) return [];
  return missing(raw, ["registryUsername", "registryPassword"], "registryAddress is set", howToSet);
}

function tls(raw: RawSettings, howToSet: HowToSet): string[] {
  const { siteName, serverHost } = raw;
  const names = certificateNames({ siteName, serverHost, allowedHosts: listed(raw["allowedHosts"]) });
  if (raw["tls"] === "own") {
    const absent = missing(raw, ["tlsCertificate", "tlsKey"], "tls is own", howToSet);
    if (absent.length > 0) return absent;
    return certificateProblems({ certificate: raw["tlsCertificate"] ?? "", key: raw["tlsKey"] ?? "", names });
  }
  if (raw["tls"] === "acme" && !raw["acmeAuthority"]) return publicNameProblems(names);
  return [];
}

/** A generated passphrase would be lost with the state, and with it the backups that are to survive everything else. */
function offsite(raw: RawSettings, howToSet: HowToSet): string[] {
  const names = ["backupS3Endpoint", "backupS3Bucket", "backupS3AccessKeyId", "backupS3SecretAccessKey"];
  const set = names.find((name) => raw[name]);
  return set ? missing(raw, [...names, "backupPassphrase"], `${set} is set`, howToSet) : [];
}

function missing(raw: RawSettings, names: string[], why: string, howToSet: HowToSet): string[] {
  return names.filter((name) => !raw[name]).map((name) => `${name} is missing, as ${why} (${howToSet(name)})`);
}

/** A list's entries; none when it is no list, which its own check tells. */
function listed(text = "[]"): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
}
