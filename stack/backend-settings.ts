import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { filesHash, filesOf, type Postgres, type Secret } from "../components";
import type { Config } from "./config";

/** Paths of the backend's secrets; only the migration job gets the administrator's password. */
const SECRET_KEY = "/run/secrets/secret-key";
const FALLBACKS = "/run/secrets/secret-key-fallbacks";
const DATABASE_PASSWORD = "/run/secrets/database-password";
const ADMIN_PASSWORD = "/run/secrets/admin-password";

interface Runtime {
  env: Record<string, pulumi.Input<string>>;
  files: Record<string, pulumi.Input<string>>;
}

/** The backend's runtime configuration: environment variables for plain settings, files for secrets. */
export function backendSettings(config: Config, release: string, database: Postgres, secretKey: Secret): Runtime {
  const { names, tls, edge } = config;
  return {
    env: {
      ...config.env,
      RELEASE: release,
      FRONTEND: String(config.backend.frontend !== "none"),
      // A proxy before the site, which tells nginx the scheme, ends TLS for it.
      HTTPS: String(tls !== undefined || edge.trustedProxies.length > 0),
      ALLOWED_HOSTS: names.join(","),
      SECRET_KEY_FILE: SECRET_KEY,
      SECRET_KEY_FALLBACKS_FILE: FALLBACKS,
      DATABASE_URL: database.url,
      DATABASE_PASSWORD_FILE: DATABASE_PASSWORD,
      POSTGRES_HOST: database.host,
      POSTGRES_USER: database.login,
      POSTGRES_DB: database.database,
    },
    files: {
      [SECRET_KEY]: secretKey.value,
      [FALLBACKS]: secretKey.previous,
      [DATABASE_PASSWORD]: database.password,
    },
  };
}

/** The same for the migration job, which also creates the initial account. */
export function migrationSettings({ backend }: Config, { env, files }: Runtime, adminPassword: Secret) {
  return {
    env: { ...env, ADMIN_USER: backend.adminUser, ADMIN_PASSWORD_FILE: ADMIN_PASSWORD },
    files: { ...files, [ADMIN_PASSWORD]: adminPassword.value },
    timeout: backend.migrationTimeoutSeconds,
    migrations: filesHash(SOURCES, migrationFiles()),
  };
}

/** For live reload: this machine's backend packages, by their folders in the container. */
export function backendFolders({ backend }: Config): Record<string, string> {
  if (!backend.liveReload) return {};
  const packages = readdirSync(SOURCES).filter(
    (name) => name !== "tests" && existsSync(join(SOURCES, name, "__init__.py")),
  );
  return Object.fromEntries(packages.map((name) => [`/app/${name}`, resolve(SOURCES, name)]));
}

function migrationFiles(): string[] {
  return filesOf(SOURCES, ".dockerignore").filter((file) => /(^|\/)migrations\/\w+\.py$/.test(file));
}

const SOURCES = "./backend";
