import { z } from "zod";
import {
  adminerSettings,
  adminSettings,
  connectionProblems,
  debugSettings,
  limitSettings,
  liveReload,
  migrationSettings,
  number,
  type OwnSettings,
  optional,
  origins,
  postgresSettings,
  replicaCount,
  rotatedKeySettings,
  setting,
  signInSettings,
} from "./components/settings/index.ts";

const live = liveReload("the backend", { env: "LIVE_RELOAD", requiresDebug: true });

/** Mail Tracker's own settings, in addition to the standard ones. After a change: npx berth settings */
export const ownSettings = {
  settings: {
    ...debugSettings("Django"),
    ...live.settings,
    corsAllowedOrigins: setting(origins, {
      default: [],
      description: "Origins of other sites whose pages may call the API, e.g. http://localhost:3000.",
      env: "CORS_ALLOWED_ORIGINS",
    }),
    ...signInSettings(),
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
    replicas: replicaCount("backend containers that share the requests"),
    gunicornWorkers: setting(number(1, 64), {
      default: 4,
      description: "Number of worker processes of each backend container, with two threads each.",
      env: "GUNICORN_WORKERS",
    }),
    ...limitSettings("backend", "each backend container", { memory: 512, cpus: 1, pids: 100 }),
    ...migrationSettings,
    databaseVersion: setting(number(13, 18), {
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
    ...postgresSettings({ memory: 512, cpus: 1, pids: 200 }),
    ...adminerSettings,
    ...adminSettings,
    ...rotatedKeySettings("secretKey", {
      description: "Django's SECRET_KEY",
      minLength: 50,
      effect: "users stay signed in",
    }),
  },
  check: (raw) => {
    const { databaseVersion, databaseUpgrade } = raw;
    return [
      ...(databaseUpgrade && !databaseUpgrade.endsWith(`> ${databaseVersion}`)
        ? [`databaseUpgrade is "${databaseUpgrade}", so its last version must be databaseVersion (${databaseVersion})`]
        : []),
      ...live.check(raw),
      ...connectionProblems(raw, { backend: ["replicas", "gunicornWorkers", 2] }),
    ];
  },
} satisfies OwnSettings;
