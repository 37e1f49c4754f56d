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
  setting,
  toolPort,
} from "./components/settings/index.ts";

/** Mail Tracker's own settings, in addition to the standard ones. After a change: npx berth settings */
export const ownSettings = {
  settings: {
    debug: setting(flag, {
      default: false,
      description: "Django's debug mode. Never use it where others can reach the site.",
      env: "DEBUG",
    }),
    liveReload: setting(flag, {
      default: false,
      description:
        "For development on this machine: the backend runs from the sources and reloads on every edit. Requires debug.",
      env: "LIVE_RELOAD",
    }),
    corsAllowedOrigins: setting(origins, {
      default: [],
      description: "Origins of other sites whose pages may call the API, e.g. http://localhost:3000.",
      env: "CORS_ALLOWED_ORIGINS",
    }),
    signInsPerMinute: setting(number(1, 10_000), {
      default: 10,
      description: "Rate limit of sign-in attempts from one address.",
      unit: "requests per minute",
    }),
    maxPdfSizeMb: setting(number(1, 1000), {
      default: 10,
      description: "Maximum size of an attached PDF.",
      unit: "MB",
      env: "MAX_PDF_SIZE_MB",
    }),
    fileAuthorizationSeconds: setting(number(0, 5), {
      default: 5,
      description:
        "Time nginx caches the backend's permission for a person to read a PDF, at most 5. 0: nginx asks for each request.",
      unit: "seconds",
      env: "FILE_AUTHORIZATION_SECONDS",
    }),
    accessTokenLifetimeMinutes: setting(number(1, 525_600), {
      default: 1440,
      description: "Lifetime of an API access token.",
      unit: "minutes",
      env: "ACCESS_TOKEN_LIFETIME_MINUTES",
    }),
    refreshTokenLifetimeDays: setting(number(1, 3650), {
      default: 7,
      description: "Lifetime of an API refresh token.",
      unit: "days",
      env: "REFRESH_TOKEN_LIFETIME_DAYS",
    }),
    replicas: setting(number(1, 20), {
      default: 1,
      description: "Number of backend containers that share the requests, 1 to 20.",
    }),
    gunicornWorkers: setting(number(1, 64), {
      default: 4,
      description: "Number of worker processes of each backend container, with two threads each.",
      env: "GUNICORN_WORKERS",
    }),
    backendMemoryMb: setting(memory, {
      default: 512,
      description: "Memory limit of each backend container.",
      unit: "MiB",
    }),
    backendCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of each backend container, e.g. 0.5.",
      unit: "processors",
    }),
    backendPids: setting(pids, {
      default: 100,
      description: "Maximum number of processes and threads of each backend container.",
    }),
    migrationTimeoutSeconds: setting(number(1, 86_400), {
      default: 600,
      description: "Timeout of a release's migrations. After it, the release fails and the previous one keeps serving.",
      unit: "seconds",
    }),
    databaseVersion: setting(number(13, 17), {
      default: 16,
      description:
        "Major version of PostgreSQL. A version other than that of the data is refused without databaseUpgrade.",
      rollback: false,
    }),
    databaseUpgrade: setting(
      optional.pipe(
        z
          .string()
          .regex(/^\d+( -> \d+)+$/, 'must be major versions, such as "16 -> 17"')
          .optional(),
      ),
      {
        default: "",
        description:
          "Consent to upgrade PostgreSQL, from the current major version to databaseVersion, e.g. 16 -> 17. Keep it after the upgrade (docs/operations.md).",
        rollback: false,
      },
    ),
    databaseMemoryMb: setting(number(128, 1_048_576), {
      default: 512,
      description: "Memory limit of PostgreSQL.",
      unit: "MiB",
    }),
    databaseCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of PostgreSQL, e.g. 0.5.",
      unit: "processors",
    }),
    databasePids: setting(pids, {
      default: 200,
      description: "Maximum number of processes and threads of PostgreSQL.",
    }),
    databasePort: setting(toolPort, {
      default: 0,
      description: "Port on the server's loopback address that gives tools access to PostgreSQL. 0: none.",
    }),
    adminerPort: setting(toolPort, {
      default: 0,
      description: "Port of Adminer, a web page to inspect the database, on the server's loopback address. 0: none.",
    }),
    adminUser: setting(z.string().regex(/^[\w.@+-]{1,150}$/, "must be 1 to 150 letters, digits or @.+-_"), {
      default: "admin",
      description: "User name of the first account, an administrator.",
    }),
    adminPassword: setting(optionalSecret(12), {
      default: "",
      description: "Initial password of adminUser, at least 12 characters. Empty: a generated one.",
      secret: true,
    }),
    databasePassword: setting(optionalSecret(12), {
      default: "",
      description: "The backend's password for PostgreSQL, at least 12 characters. Empty: a generated one.",
      secret: true,
    }),
    databasePasswordVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate the database password: with a new databasePassword, or for another generated one. No downtime.",
      rollback: false,
    }),
    secretKey: setting(optionalSecret(50), {
      default: "",
      description: "Django's SECRET_KEY, at least 50 characters. Empty: a generated one.",
      secret: true,
    }),
    secretKeyFallback: setting(optionalSecret(50), {
      default: "",
      description:
        "The previous secretKey, which stays valid so that users stay signed in. Empty when it was a generated one.",
      secret: true,
    }),
    secretKeyVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate a generated secretKey. The previous one stays valid, so users stay signed in.",
      rollback: false,
    }),
  },
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
