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
  const { image, networks, seedPassword, backups: backup } = needed;
  const told = appSettings(config, needed);
  const app = { ...config.app, ...told, networks, image };
  return {
    migrate: { ...app, ...migrationSettings(config, told, seedPassword), command: ["migrate"], backup },
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
      ...Object.fromEntries(Object.keys(secrets).map((name) => [`${name}_FILE`, secretFile(name)])),
    },
    files: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [secretFile(name), value])),
  };
}

/** The same for the migration job, which also creates the demo account when it has a password. */
function migrationSettings(config: Config, told: Runtime, seed?: berth.Secret) {
  const versions = berth.filesOf("backend", ".dockerignore").filter((file) => file.includes("migrations/versions/"));
  return {
    env: { ...told.env, ...(seed && { SEED_PASSWORD_FILE: secretFile("SEED_PASSWORD") }) },
    files: { ...told.files, ...(seed && { [secretFile("SEED_PASSWORD")]: seed.value }) },
    timeout: config.values.migrationTimeoutSeconds,
    migrations: berth.filesHash("backend", versions),
  };
}

/** Path of a secret in the container. */
function secretFile(name: string): string {
  return `/run/secrets/${name.toLowerCase().replaceAll("_", "-")}`;
}
