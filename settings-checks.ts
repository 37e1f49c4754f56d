import { closest } from "fastest-levenshtein";
import { certificateProblems, publicNameProblems } from "./components";
import { type RawSettings, SECRETS, type Settings, settingNames, settings } from "./settings";

/** Checks raw settings; `secret` names those that were set with --secret. Pure, so that a test can try every mistake. */
export function validate(raw: RawSettings, secret: ReadonlySet<string>): { values?: Settings; problems: string[] } {
  const parsed = settings.safeParse(raw);
  const problems = Object.keys(raw)
    .filter((name) => !settingNames.includes(name))
    .map((name) => `${name} is no setting. Did you mean ${closest(name, settingNames)}? (pulumi config rm ${name})`);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0]);
    const shown =
      raw[name] === undefined
        ? "is missing"
        : isSecret(name)
          ? message
          : `${message}, but is ${JSON.stringify(raw[name])}`;
    problems.push(`${name} ${shown} (${howToSet(name)})`);
  }
  for (const name of SECRETS) {
    if (raw[name] && !secret.has(name)) {
      problems.push(
        `${name} stands in plain text in the stack's file. Change it, then: pulumi config set --secret ${name}`,
      );
    }
  }
  problems.push(...[server, registry, tls, development].flatMap((check) => check(raw)));
  return parsed.success && problems.length === 0 ? { values: parsed.data, problems } : { problems };
}

/** All names the site answers to, the one it is known by first. */
export function siteNames(names: Names): [string, ...string[]] {
  const own = names.serverHost ? [names.serverHost] : ["localhost", "127.0.0.1"];
  return distinct([...(names.siteName ? [names.siteName] : []), ...own, ...names.allowedHosts]);
}

/** The names a certificate is asked for: where the site has a name, the server's own is nobody's business. */
export function certificateNames(names: Names): [string, ...string[]] {
  return names.siteName ? distinct([names.siteName, ...names.allowedHosts]) : siteNames(names);
}

interface Names {
  siteName?: string | undefined;
  serverHost?: string | undefined;
  allowedHosts: string[];
}

function distinct(names: string[]): [string, ...string[]] {
  return [...new Set(names)] as [string, ...string[]];
}

function server(raw: RawSettings): string[] {
  if (!raw.serverHost || raw.serverHostKey) return [];
  return [
    "serverHostKey is missing: without it, anybody could answer for the server (pulumi config set serverHostKey 'ssh-ed25519 …')",
  ];
}

function registry(raw: RawSettings): string[] {
  return raw.registryAddress ? missing(raw, ["registryUsername", "registryPassword"], "registryAddress is set") : [];
}

function tls(raw: RawSettings): string[] {
  const names = certificateNames({ ...raw, allowedHosts: listed(raw.allowedHosts) });
  if (raw.tls === "own") {
    const absent = missing(raw, ["tlsCertificate", "tlsKey"], "tls is own");
    if (absent.length > 0) return absent;
    return certificateProblems({ certificate: raw.tlsCertificate ?? "", key: raw.tlsKey ?? "", names });
  }
  if (raw.tls === "acme" && !raw.acmeAuthority) return publicNameProblems(names);
  return [];
}

function development(raw: RawSettings): string[] {
  const problems: string[] = [];
  if (raw.liveReload === "true" && raw.debug !== "true") {
    problems.push("liveReload is for debug mode only (pulumi config set debug true, or liveReload false)");
  }
  if (raw.liveReload === "true" && raw.serverHost) {
    problems.push(
      "liveReload reads the sources on this machine, so it cannot be used with serverHost (pulumi config set liveReload false)",
    );
  }
  return problems;
}

function missing(raw: RawSettings, names: string[], why: string): string[] {
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

function howToSet(name: string): string {
  return `pulumi config set ${isSecret(name) ? "--secret " : ""}${name} …`;
}

function isSecret(name: string): boolean {
  return (SECRETS as readonly string[]).includes(name);
}
