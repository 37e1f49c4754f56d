import { z } from "zod";
import {
  cpus,
  flag,
  memory,
  number,
  type OwnSettings,
  optional,
  optionalSecret,
  origins,
  pids,
  toolPort,
} from "./components";

/** Mail Tracker's own settings, beside those of every stack; defaults and descriptions of all stand in Pulumi.yaml. */
export const ownSettings = {
  settings: {
    signInsPerMinute: number(1, 10_000),
    replicas: number(1, 20),
    migrationTimeoutSeconds: number(1, 86_400),
    gunicornWorkers: number(1, 64),
    backendMemoryMb: memory,
    backendCpus: cpus,
    backendPids: pids,
    databaseVersion: number(13, 17),
    databaseUpgrade: optional.pipe(
      z
        .string()
        .regex(/^\d+( -> \d+)+$/, 'must be major versions, such as "16 -> 17"')
        .optional(),
    ),
    databaseMemoryMb: number(128, 1_048_576),
    databaseCpus: cpus,
    databasePids: pids,
    liveReload: flag,
    databasePort: toolPort,
    adminerPort: toolPort,
    debug: flag,
    corsAllowedOrigins: origins,
    maxPdfSizeMb: number(1, 1000),
    fileAuthorizationSeconds: number(0, 5),
    accessTokenLifetimeMinutes: number(1, 525_600),
    refreshTokenLifetimeDays: number(1, 3650),
    adminUser: z.string().regex(/^[\w.@+-]{1,150}$/, "must be 1 to 150 letters, digits or @.+-_"),
    adminPassword: optionalSecret(12),
    databasePassword: optionalSecret(12),
    databasePasswordVersion: number(1, 1_000_000),
    secretKey: optionalSecret(50),
    secretKeyFallback: optionalSecret(50),
    secretKeyVersion: number(1, 1_000_000),
  },
  secrets: ["adminPassword", "databasePassword", "secretKey", "secretKeyFallback"],
  notRolledBack: ["databaseVersion", "databaseUpgrade", "databasePasswordVersion", "secretKeyVersion"],
  check: ({ liveReload, debug, serverHost, databaseVersion, databaseUpgrade }) => {
    const upgrade =
      databaseUpgrade && !databaseUpgrade.endsWith(`> ${databaseVersion}`)
        ? [`databaseUpgrade is "${databaseUpgrade}", so its last version must be databaseVersion (${databaseVersion})`]
        : [];
    if (liveReload !== "true") return upgrade;
    return [
      ...upgrade,
      ...(debug === "true"
        ? []
        : ["liveReload is for debug mode only (pulumi config set debug true, or liveReload false)"]),
      ...(serverHost
        ? [
            "liveReload reads the sources on this machine, so it cannot be used with serverHost (pulumi config set liveReload false)",
          ]
        : []),
    ];
  },
} satisfies OwnSettings;
