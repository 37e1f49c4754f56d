import type * as pulumi from "@pulumi/pulumi";
import type { Postgres, Secret } from "./components";
import type { Config } from "./config";

/** Where the backend finds its secrets; the administrator's password is for the migrating job only. */
const SECRET_KEY = "/run/secrets/secret-key";
const DATABASE_PASSWORD = "/run/secrets/database-password";
const ADMIN_PASSWORD = "/run/secrets/admin-password";

interface Told {
  env: Record<string, string>;
  files: Record<string, pulumi.Input<string>>;
}

/** What the backend is told: plain settings by its environment, secrets by files. */
export function backendSettings(config: Config, release: string, database: Postgres, secretKey: Secret): Told {
  return {
    env: {
      RELEASE: release,
      DEBUG: String(config.debug),
      ALLOWED_HOSTS: config.allowedHosts.join(","),
      CORS_ALLOWED_ORIGINS: config.corsAllowedOrigins.join(","),
      SECRET_KEY_FILE: SECRET_KEY,
      DATABASE_URL: `postgres://${database.user}@${database.host}:${database.port}/${database.database}`,
      DATABASE_PASSWORD_FILE: DATABASE_PASSWORD,
      POSTGRES_HOST: database.host,
      POSTGRES_USER: database.user,
      POSTGRES_DB: database.database,
      PDF_STORAGE_PATH: "/srv/mailtracker/pdfs",
      MAX_PDF_SIZE_MB: String(config.maxPdfSizeMb),
      ACCESS_TOKEN_LIFETIME_MINUTES: String(config.accessTokenLifetimeMinutes),
      REFRESH_TOKEN_LIFETIME_DAYS: String(config.refreshTokenLifetimeDays),
    },
    files: { [SECRET_KEY]: secretKey.value, [DATABASE_PASSWORD]: database.password },
  };
}

/** The same for the job that migrates, which also makes the first account. */
export function migrationSettings({ env, files }: Told, adminUser: string, adminPassword: Secret): Told {
  return {
    env: { ...env, ADMIN_USER: adminUser, ADMIN_PASSWORD_FILE: ADMIN_PASSWORD },
    files: { ...files, [ADMIN_PASSWORD]: adminPassword.value },
  };
}
