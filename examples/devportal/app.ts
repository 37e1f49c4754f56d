import type * as pulumi from "@pulumi/pulumi";
import * as berth from "berth";
import type { Config } from "./config";

/** The application containers' dependencies on the rest of the stack. */
interface Needed {
  image: berth.Image;
  networks: berth.Network[];
  postgres: berth.Postgres;
  redis: berth.Redis;
  secretKey: berth.Secret;
  jwtSecretKey: berth.Secret;
  /** First password of the administrator. */
  adminPassword: berth.Secret;
  /** Password of the demo account; undefined without one. */
  seedPassword: berth.Secret | undefined;
  backups: berth.Backups;
}

interface Runtime {
  env: Record<string, pulumi.Input<string>>;
  files: Record<string, pulumi.Input<string>>;
}

/** The containers that use the application's image. */
export function appContainers(config: Config, needed: Needed) {
  const { image, networks, adminPassword, seedPassword, backups: backup } = needed;
  const told = appSettings(config, needed);
  const app = { ...config.app, ...told, networks, image };
  const { stopGrace: _, ...scheduled } = app;
  return {
    migrate: { ...app, ...migrationSettings(config, told, adminPassword, seedPassword), command: ["migrate"], backup },
    resetQuotas: { ...scheduled, command: ["python", "-m", "devportal", "reset-quotas"], timeout: 300 },
    web: { ...app, ...config.serving, command: ["serve"] },
  };
}

/** The application's runtime configuration: environment variables for plain settings, files for secrets. */
function appSettings(config: Config, needed: Needed): Runtime {
  const { env, names, tls } = config;
  const { postgres, redis, secretKey, jwtSecretKey } = needed;
  const secrets = {
    SECRET_KEY: secretKey.value,
    SECRET_KEY_FALLBACKS: secretKey.previous,
    JWT_SECRET_KEY: jwtSecretKey.value,
    JWT_SECRET_KEY_FALLBACKS: jwtSecretKey.previous,
    DATABASE_PASSWORD: postgres.password,
    REDIS_PASSWORD: redis.password,
  };
  return {
    env: {
      ...env,
      RELEASE: needed.image.hash,
      HTTPS: String(tls !== undefined),
      ALLOWED_HOSTS: names.join(","),
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      ...fileVariables(secrets),
    },
    files: secretFiles(secrets),
  };
}

/** The same for the migration job, which also creates the administrator, and the demo account when it has a password. */
function migrationSettings(config: Config, told: Runtime, admin: berth.Secret, seed?: berth.Secret) {
  const versions = berth.filesOf("backend", ".dockerignore").filter((file) => file.includes("migrations/versions/"));
  const passwords = { ADMIN_PASSWORD: admin.value, ...(seed && { SEED_PASSWORD: seed.value }) };
  return {
    env: { ...told.env, ADMIN_EMAIL: config.values.adminEmail, ...fileVariables(passwords) },
    files: { ...told.files, ...secretFiles(passwords) },
    timeout: config.values.migrationTimeoutSeconds,
    migrations: berth.filesHash("backend", versions),
  };
}

type Secrets = Record<string, pulumi.Input<string>>;

/** The variables that name the secrets' files. */
function fileVariables(secrets: Secrets): Record<string, string> {
  return Object.fromEntries(Object.keys(secrets).map((name) => [`${name}_FILE`, secretFile(name)]));
}

/** The secrets' content by path. */
function secretFiles(secrets: Secrets): Secrets {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [secretFile(name), value]));
}

/** Path of a secret in the container. */
function secretFile(name: string): string {
  return `/run/secrets/${name.toLowerCase().replaceAll("_", "-")}`;
}
