import { existsSync } from "node:fs";
import { z } from "zod";
import {
  adminerSettings,
  adminSettings,
  connectionProblems,
  cronSettings,
  debugSettings,
  limitSettings,
  liveReload,
  metricsProblems,
  metricsSettings,
  migrationSettings,
  number,
  type OwnSettings,
  optional,
  origins,
  postgresSettings,
  type RawSettings,
  replicaCount,
  rotatedKeySettings,
  setting,
  signInSettings,
} from "./components/settings/index.ts";

const live = liveReload("the backend", { env: "LIVE_RELOAD", requiresDebug: true });

function frontendProblems({ frontend, frontendImage }: RawSettings): string[] {
  if (frontend === "image" && !frontendImage) return ["frontend is image, so frontendImage must name it"];
  return frontend === "folder" && !existsSync("nginx/frontend/index.html")
    ? ["frontend is folder, but there is no nginx/frontend/index.html: copy the built front end there"]
    : [];
}

const identifier = z
  .string()
  .regex(/^(?!pg_)[a-z_][a-z0-9_]{0,39}$/, "must be 1 to 40 lower-case letters, digits or _, such as mailtracker");

/** Not where either container has something else, or shares a folder with its programs. */
const pdfStoragePath = z
  .string()
  .regex(
    /^\/(srv|mnt|data|var\/lib)(\/\w[\w.-]*)+$/,
    "must be a folder below /srv, /mnt, /data or /var/lib, such as /srv/mailtracker/pdfs",
  )
  .refine((path) => !/^\/srv\/(errors|mailtracker\/static)(\/|$)/.test(path), "is in use for other files");

/** Mail Tracker's own settings, in addition to the standard ones. After a change: npx berth settings */
export const ownSettings = {
  settings: {
    ...debugSettings("Django"),
    ...live.settings,
    frontend: setting(z.enum(["none", "folder", "image"], "must be none, folder or image"), {
      default: "none",
      description:
        "A front end of your own at /, a built single-page application: of the folder nginx/frontend, or of frontendImage. Django's list is at /mails/ then.",
    }),
    frontendImage: setting(optional, {
      default: "",
      description: "Image with the built front end, e.g. registry.example.org/office-page:1.4. Name a version.",
    }),
    frontendImagePath: setting(z.string().regex(/^(\/[\w.-]+)+$/, "must be an absolute path"), {
      default: "/usr/share/nginx/html",
      description: "Folder of the built front end in frontendImage.",
    }),
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
    pdfStoragePath: setting(pdfStoragePath, {
      default: "/srv/mailtracker/pdfs",
      description:
        "Folder of the PDFs in the containers of backend and nginx, where the volume pdf_storage is mounted. A change moves the mount and keeps the files.",
      env: "PDF_STORAGE_PATH",
    }),
    fileAuthorizationSeconds: setting(number(0, 5), {
      default: 0,
      description:
        "Time nginx caches the backend's permission for a person to read a PDF, at most 5. 0: nginx asks for each request, so a deactivated account is refused at once.",
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
    ...cronSettings("digest", "the digest of overdue mails"),
    databaseName: setting(identifier, {
      default: "mailtracker",
      description:
        "Name of the database, created with the stack. A change in a stack that exists would rename nothing, so it is refused before anything is changed.",
      rollback: false,
    }),
    databaseUser: setting(identifier, {
      default: "mailtracker_user",
      description:
        "PostgreSQL's superuser, created with the stack; it signs in only inside PostgreSQL's container. A change in a stack that exists is refused too.",
      rollback: false,
    }),
    databaseWaitSeconds: setting(number(1, 3600), {
      default: 60,
      description: "Time the backend waits for PostgreSQL at its start.",
      unit: "seconds",
      env: "WAIT_TIMEOUT",
    }),
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
    ...metricsSettings,
    ...adminSettings,
    ...rotatedKeySettings("secretKey", {
      description: "Django's SECRET_KEY",
      minLength: 50,
      effect: "users stay signed in",
    }),
  },
  check: (raw) => {
    const { databaseVersion, databaseUpgrade, databaseName, databaseUser } = raw;
    return [
      ...frontendProblems(raw),
      ...(databaseUser === `${databaseName}_app`
        ? [`databaseUser is "${databaseUser}", which is the name of the application's role: choose another`]
        : []),
      ...(databaseUpgrade && !databaseUpgrade.endsWith(`> ${databaseVersion}`)
        ? [`databaseUpgrade is "${databaseUpgrade}", so its last version must be databaseVersion (${databaseVersion})`]
        : []),
      ...live.check(raw),
      ...metricsProblems(raw),
      ...connectionProblems(raw, { backend: ["replicas", "gunicornWorkers", 2] }),
    ];
  },
} satisfies OwnSettings;
