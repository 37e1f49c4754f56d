import * as pulumi from "@pulumi/pulumi";
import type { PointInTime, S3 } from "../data/backups";
import type { Users } from "../edge/access";
import type { ByPath } from "../edge/by-path";
import { expiryWarnings } from "../edge/certificate-chain";
import type { DnsChallenge } from "../edge/dns-challenge";
import type { EdgeArgs } from "../edge/edge-args";
import type { SiteTls } from "../edge/site-certificate";
import type { HardeningArgs } from "../host/hardening";
import type { RegistryAccount } from "../host/registry";
import { inUrl } from "../model/host-name.ts";
import { stackProblems } from "../model/name-rules.ts";
import { DOCKER_HUB } from "../model/registry.ts";
import { thisStack } from "../naming";
import { limitArgs } from "./args/limits.ts";
import { secret } from "./args/secret.ts";
import { certificateNames, siteNames } from "./names.ts";
import type { OwnSettings } from "./own.ts";
import { secretsFromCommands } from "./secret-commands.ts";
import { environment, type Settings } from "./setting.ts";
import { type StandardSettings, standardSettings } from "./standard.ts";
import { recorded, validate } from "./validate.ts";

/**
 * Reads the stack's configuration as arguments for the components.
 * @throws pulumi.RunError that lists every wrong, missing or unknown setting, with what to set instead.
 */
export function readConfig<Own extends Settings>(own: OwnSettings<Own>) {
  const stored = ownSettings();
  const commands = secretsFromCommands(stored, { ...standardSettings, ...own.settings });
  const given = { ...stored, ...commands.values };
  const secrets = new Set([...secretSettings(), ...Object.keys(commands.values)]);
  const { values, problems: invalid } = validate(given, secrets, own);
  // A failed command makes other settings look incomplete.
  const problems = commands.problems.length > 0 ? commands.problems : [...stackProblems(thisStack()), ...invalid];
  if (!values || problems.length > 0) {
    throw new pulumi.RunError(
      `The configuration of stack ${pulumi.getStack()} is invalid; nothing was changed:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
  }
  return {
    ...standardParts(values),
    /** Arguments of `Release`. */
    release: {
      settings: recorded(given, own),
      keep: values.keepReleases,
      buildCacheMb: values.diskBuildCacheMb,
      unusedVolumeDays: values.diskUnusedVolumeDays,
    },
    /** Environment variables for the application, from the project's own settings. */
    env: environment(own.settings, values),
    /** All settings by name. Secrets are plain text here: wrap them with `secret`. */
    values,
  };
}

function standardParts(values: StandardSettings) {
  return {
    /** Arguments of `Server`. */
    server: {
      ssh: sshTarget(values),
      waitSeconds: values.serverWaitSeconds,
      registryMirrors: values.registryMirrors,
      accounts: dockerHub(values),
      adoptServer: values.adoptServer,
      forceDestroyData: values.forceDestroyData,
      logs: logs(values),
      hardening: hardening(values),
    },
    /** Arguments of `Registry`; undefined without a registry. */
    registry: registry(values),
    /** All host names the site answers to, its public name first, as in the header Host: IPv6 addresses are in brackets. */
    names: siteNames(values).map(inUrl),
    /** Arguments of `siteCertificate`; undefined for plain HTTP. */
    tls: tls(values),
    /** Arguments of `Backups`. */
    backups: {
      time: values.backupTime,
      timeZone: values.backupTimeZone,
      keepDaily: values.backupKeepDaily,
      keepMonthly: values.backupKeepMonthly,
      passphrase: secret(values.backupPassphrase),
      offsite: s3(values),
      pointInTime: pointInTime(values),
      pingUrl: values.backupPingUrl,
      limits: limitArgs(values, "backup"),
    },
    /** Arguments of `Alerts`; undefined without a target. */
    alerts: alerts(values),
    /** Arguments of `Edge`. */
    edge: {
      siteName: siteNames(values)[0],
      ...listening(values),
      trustedProxies: values.trustedProxies,
      logFormat: values.logFormat,
      httpPort: values.httpPort,
      httpsPort: values.httpsPort,
      drain: values.drainSeconds,
      ...(values.basicAuth && { basicAuth: withSecretPasswords(values.basicAuth) }),
      ...(values.allowAddresses && { allow: values.allowAddresses }),
      limits: limitArgs(values, "edge"),
    },
  };
}

/** Where the edge listens: at the front door by the site's names, or at addresses of its own. */
function listening(values: StandardSettings): Pick<EdgeArgs, "address" | "frontDoor"> {
  return values.frontDoor ? { frontDoor: { names: certificateNames(values) } } : { address: values.httpAddress };
}

function withSecretPasswords(rules: NonNullable<StandardSettings["basicAuth"]>): ByPath<Users> {
  const secretUsers = (users: Record<string, string>) =>
    Object.fromEntries(Object.entries(users).map(([user, password]) => [user, pulumi.secret(password)]));
  return Object.fromEntries(Object.entries(rules).map(([path, users]) => [path, secretUsers(users)]));
}

function sshTarget(values: StandardSettings) {
  const { serverHost: host, serverHostKey: hostKey, serverPort, serverUser, serverKeyFile } = values;
  return host && hostKey ? { host, hostKey, port: serverPort, user: serverUser, keyFile: serverKeyFile } : undefined;
}

function registry({ registryAddress: address, registryUsername: username, registryPassword }: StandardSettings) {
  const password = secret(registryPassword);
  return address && username && password ? { address, username, password } : undefined;
}

function dockerHub({ dockerHubUser: username, dockerHubToken }: StandardSettings): RegistryAccount[] {
  const password = secret(dockerHubToken);
  return username && password ? [{ address: DOCKER_HUB, username, password }] : [];
}

function s3(values: StandardSettings): S3 | undefined {
  const { backupS3Endpoint: endpoint, backupS3Bucket: bucket, backupS3AccessKeyId: accessKeyId } = values;
  const { backupS3Region: region, backupS3Authority: authority } = values;
  const secretAccessKey = secret(values.backupS3SecretAccessKey);
  return endpoint && bucket && accessKeyId && secretAccessKey
    ? { endpoint, bucket, accessKeyId, secretAccessKey, region, authority }
    : undefined;
}

function logs(values: StandardSettings) {
  const { logsMaxSizeMb: maxSizeMb, logsDays: days, logsShipTo = "", logsShipAuthority: authority } = values;
  if (maxSizeMb === 0) return undefined;
  const [host = "", port] = logsShipTo.split(":");
  return { maxSizeMb, days, ...(host !== "" && { ship: { host, port: Number(port), authority } }) };
}

function hardening(values: StandardSettings): HardeningArgs {
  const { hardeningFirewall: firewall, hardeningSsh: ssh, hardeningUpdates: updates, hardeningBans: bans } = values;
  return {
    ssh,
    ...(firewall && { firewall: { ports: values.hardeningFirewallPorts } }),
    ...(updates && { updates: { rebootWindow: values.hardeningRebootWindow } }),
    // Behind a proxy, packets have its address instead of the visitor's.
    ...(bans && { bans: { site: values.trustedProxies.length === 0 } }),
  };
}

function pointInTime(values: StandardSettings): PointInTime | undefined {
  const { backupPointInTimeDays: days, backupPointInTimeWalMb: walLimit, backupPointInTimeProbe: probe } = values;
  return days === 0 ? undefined : { days, walLimit, probe };
}

function alerts(values: StandardSettings) {
  const targets = secret(values.alertsTo);
  if (!targets) return undefined;
  return {
    targets,
    // A private authority's certificate is not verified.
    trusted: values.tls === "acme" && values.acmeAuthority === undefined,
    thresholds: {
      afterMinutes: values.alertsAfterMinutes,
      reminderHours: values.alertsReminderHours,
      releases: values.alertsReleases,
      outside: values.alertsOutside,
      diskPercent: values.alertsDiskPercent,
      memoryPercent: values.alertsMemoryPercent,
      certificateDays: values.alertsCertificateDays,
      restarts: values.alertsRestarts,
      updateDays: values.alertsUpdateDays,
    },
  };
}

function tls(values: StandardSettings): SiteTls | undefined {
  const { tls: kind, tlsCertificate = "", tlsKey = "" } = values;
  switch (kind) {
    case "off":
      return undefined;
    case "own":
      for (const warning of expiryWarnings(tlsCertificate)) pulumi.log.warn(warning);
      return { kind, certificate: tlsCertificate, key: pulumi.secret(tlsKey) };
    case "self-signed":
      return { kind, names: siteNames(values) };
    case "acme": {
      const { acmeDirectory: directory, acmeEmail: email, acmeAuthority: authority, acmeCheckSeconds } = values;
      const dns = dnsChallenge(values);
      return {
        kind,
        names: certificateNames(values),
        acme: {
          directory,
          checkSeconds: acmeCheckSeconds,
          ...(email !== undefined && { email }),
          ...(authority !== undefined && { authority }),
          ...(dns && { dns }),
        },
      };
    }
  }
}

function dnsChallenge(values: StandardSettings): DnsChallenge | undefined {
  const { acmeChallenge, dnsProvider: provider, dnsCredentials, dnsResolvers: resolvers } = values;
  if (acmeChallenge !== "dns-01" || !provider || !dnsCredentials) return undefined;
  return { provider, credentials: pulumi.secret(dnsCredentials), resolvers };
}

/** The project's settings without the prefix `<project>:`. Pulumi and its providers check their own. */
function ownSettings(): Record<string, string> {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function secretSettings(): Set<string> {
  const prefix = `${pulumi.getProject()}:`;
  const keys: string[] = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  return new Set(keys.map((key) => key.slice(prefix.length)));
}
