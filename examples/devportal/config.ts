import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as berth from "berth";
import { ownSettings } from "./settings";

/** The stack's configuration, in the form the components take. */
export type Config = ReturnType<typeof readConfig>;

/** @throws naming every wrong, missing or unknown setting at once, with what to set instead. */
export function readConfig() {
  const { values, ...standard } = berth.readConfig(ownSettings);
  return {
    ...standard,
    values,
    database: {
      password: berth.secret(values.databasePassword),
      passwordVersion: values.databasePasswordVersion,
      loopbackPort: values.databasePort,
      limits: { memory: values.databaseMemoryMb, cpus: values.databaseCpus, pids: values.databasePids },
    },
    redis: {
      password: berth.secret(values.redisPassword),
      passwordVersion: values.redisPasswordVersion,
      loopbackPort: values.redisPort,
      limits: { memory: values.redisMemoryMb, cpus: values.redisCpus },
      maxMemory: values.redisMaxMemoryMb,
    },
    secretKey: {
      value: berth.secret(values.secretKey),
      previous: berth.secret(values.secretKeyFallback),
      version: values.secretKeyVersion,
    },
    jwtSecretKey: {
      value: berth.secret(values.jwtSecretKey),
      previous: berth.secret(values.jwtSecretKeyFallback),
      version: values.jwtSecretKeyVersion,
    },
    nginx: {
      maxBodySizeMb: 1,
      signInsPerMinute: values.signInsPerMinute,
      requestsPerSecond: values.requestsPerSecond,
      drainSeconds: values.drainSeconds,
      live: values.liveReload,
    },
    /** Whether tools on the server reach the database or Redis, whose network is then no internal one. */
    reachable: Boolean(values.databasePort || values.redisPort),
    serving: {
      port: 8000,
      replicas: values.replicas,
      // Now and then, as its owners want it. A release does not wait for that: it asks by itself until it is content.
      health: {
        command: ["curl", "-fsS", "http://localhost:8000/health"],
        interval: 30,
        timeout: 10,
        retries: 3,
        startPeriod: 60,
      },
    },
    app: {
      user: "10001:10001",
      tmpfs: ["/tmp"],
      limits: { memory: values.appMemoryMb, cpus: values.appCpus, pids: values.appPids },
      stopGrace: values.drainSeconds,
      // For live reload, the sources on this machine.
      folders: values.liveReload ? { "/app/devportal": resolve("backend/devportal") } : {},
    },
  };
}

interface Stores {
  postgres: berth.Postgres;
  redis: berth.Redis;
  secretKey: berth.Secret;
  jwtSecretKey: berth.Secret;
}

/** What the application is told: plain settings by its environment, secrets by files. */
export function appSettings(config: Config, release: string, stores: Stores) {
  const { names, tls } = config;
  const { postgres, redis, secretKey, jwtSecretKey } = stores;
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
      ...config.env,
      RELEASE: release,
      HTTPS: String(tls !== undefined),
      ALLOWED_HOSTS: names.join(","),
      DATABASE_URL: pulumi.interpolate`postgresql://${postgres.login}@${postgres.host}:${postgres.port}/${postgres.database}`,
      REDIS_URL: pulumi.interpolate`redis://${redis.login}@${redis.host}:${redis.port}/0`,
      ...Object.fromEntries(Object.keys(secrets).map((name) => [`${name}_FILE`, secretFile(name)])),
    },
    files: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [secretFile(name), value])),
  };
}

/** The same for the job that migrates, which with a password for it also makes an account to look at. */
export function migrationSettings(config: Config, told: ReturnType<typeof appSettings>, seed?: berth.Secret) {
  const versions = berth.filesOf("backend", ".dockerignore").filter((file) => file.includes("migrations/versions/"));
  return {
    env: { ...told.env, ...(seed && { SEED_PASSWORD_FILE: secretFile("SEED_PASSWORD") }) },
    files: { ...told.files, ...(seed && { [secretFile("SEED_PASSWORD")]: seed.value }) },
    timeout: config.values.migrationTimeoutSeconds,
    migrations: berth.filesHash("backend", versions),
  };
}

/** Where a secret stands in the container. */
function secretFile(name: string): string {
  return `/run/secrets/${name.toLowerCase().replaceAll("_", "-")}`;
}
