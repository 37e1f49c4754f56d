import {
  cpus,
  flag,
  memory,
  number,
  type OwnSettings,
  optionalSecret,
  origins,
  pids,
  setting,
  toolPort,
} from "berth/settings";
import { z } from "zod";

/** DevPortal's own settings, in addition to the standard ones. After a change: npx berth settings */
export const ownSettings = {
  settings: {
    appEnv: setting(z.enum(["development", "production"], "must be development or production"), {
      default: "production",
      description: "development or production. In development, the database gets example data.",
      env: "APP_ENV",
    }),
    debug: setting(flag, {
      default: false,
      description: "FastAPI's debug mode. Never use it where others can reach the site.",
      env: "DEBUG",
    }),
    liveReload: setting(flag, {
      default: false,
      description: "For development on this machine: the application runs from the sources and reloads on every edit.",
      env: "LIVE_RELOAD",
    }),
    replicas: setting(number(1, 20), {
      default: 1,
      description: "Number of application containers that share the requests, 1 to 20.",
    }),
    signInsPerMinute: setting(number(1, 10_000), {
      default: 10,
      description: "Rate limit of sign-in and sign-up attempts from one address.",
      unit: "requests per minute",
    }),
    requestsPerSecond: setting(number(1, 100_000), {
      default: 20,
      description: "Rate limit of requests from one address. A burst of twice as many is accepted.",
      unit: "requests per second",
    }),
    quotaPerDay: setting(number(1, 1_000_000_000), {
      default: 1000,
      description: "Quota of a new key, counted per day in UTC.",
      unit: "requests per day",
      env: "QUOTA_PER_DAY",
    }),
    jwtAlgorithm: setting(z.enum(["HS256", "HS384", "HS512"], "must be HS256, HS384 or HS512"), {
      default: "HS256",
      description: "Signature algorithm of tokens: HS256, HS384 or HS512.",
      env: "JWT_ALGORITHM",
    }),
    jwtExpireMinutes: setting(number(1, 43_200), {
      default: 30,
      description: "Lifetime of a sign-in.",
      unit: "minutes",
      env: "JWT_EXPIRE_MINUTES",
    }),
    allowedOrigins: setting(origins, {
      default: [],
      description: "Origins of other sites whose pages may call the API, e.g. http://localhost:3000.",
      env: "ALLOWED_ORIGINS",
    }),
    waitTimeoutSeconds: setting(number(1, 3600), {
      default: 60,
      description: "Time the application waits at startup for the database and Redis.",
      unit: "seconds",
      env: "WAIT_TIMEOUT",
    }),
    migrationTimeoutSeconds: setting(number(1, 86_400), {
      default: 600,
      description: "Timeout of a release's migrations. After it, the release fails and the previous one keeps serving.",
      unit: "seconds",
    }),
    appMemoryMb: setting(memory, {
      default: 256,
      description: "Memory limit of each application container.",
      unit: "MiB",
    }),
    appCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of each application container, e.g. 0.5.",
      unit: "processors",
    }),
    appPids: setting(pids, {
      default: 100,
      description: "Maximum number of processes and threads of each application container.",
    }),
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
    redisMemoryMb: setting(memory, {
      default: 512,
      description: "Memory limit of Redis. It covers the data and what a snapshot needs.",
      unit: "MiB",
    }),
    redisMaxMemoryMb: setting(memory, {
      default: 256,
      description: "Memory for Redis' data. When it is full, Redis evicts the least recently used keys (allkeys-lru).",
      unit: "MiB",
    }),
    redisCpus: setting(cpus, { default: "1", description: "CPU limit of Redis, e.g. 0.5.", unit: "processors" }),
    databasePort: setting(toolPort, {
      default: 0,
      description: "Port on the server's loopback address that gives tools access to PostgreSQL. 0: none.",
    }),
    redisPort: setting(toolPort, {
      default: 0,
      description: "Port on the server's loopback address that gives tools access to Redis. 0: none.",
    }),
    adminerPort: setting(toolPort, {
      default: 0,
      description: "Port of Adminer, a web page to inspect the database, on the server's loopback address. 0: none.",
    }),
    redisCommanderPort: setting(toolPort, {
      default: 0,
      description: "Port of Redis Commander, a web page to inspect Redis, on the server's loopback address. 0: none.",
    }),
    databasePassword: setting(optionalSecret(12), {
      default: "",
      description: "The application's password for PostgreSQL, at least 12 characters. Empty: a generated one.",
      secret: true,
    }),
    databasePasswordVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate the database password: with a new databasePassword, or for another generated one. No downtime.",
      rollback: false,
    }),
    redisPassword: setting(optionalSecret(12), {
      default: "",
      description: "The application's password for Redis, at least 12 characters. Empty: a generated one.",
      secret: true,
    }),
    redisPasswordVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate the Redis password: with a new redisPassword, or for another generated one. No downtime.",
      rollback: false,
    }),
    secretKey: setting(optionalSecret(32), {
      default: "",
      description: "HMAC key for the digests of API keys, at least 32 characters. Empty: a generated one.",
      secret: true,
    }),
    secretKeyFallback: setting(optionalSecret(32), {
      default: "",
      description: "The previous secretKey, so that API keys stay valid. Empty when it was a generated one.",
      secret: true,
    }),
    secretKeyVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate a generated secretKey. The previous one stays valid; an API key gets its new digest when it is used.",
      rollback: false,
    }),
    jwtSecretKey: setting(optionalSecret(32), {
      default: "",
      description: "Key that tokens are signed with, at least 32 characters. Empty: a generated one.",
      secret: true,
    }),
    jwtSecretKeyFallback: setting(optionalSecret(32), {
      default: "",
      description:
        "The previous jwtSecretKey, which stays valid so that users stay signed in. Empty when it was a generated one.",
      secret: true,
    }),
    jwtSecretKeyVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate a generated jwtSecretKey. The previous one stays valid, so users stay signed in.",
      rollback: false,
    }),
  },
  check: (raw) => [
    ...(raw["liveReload"] === "true" && raw["serverHost"]
      ? [
          "liveReload reads the sources on this machine, so it cannot be used with serverHost (pulumi config set liveReload false)",
        ]
      : []),
    ...(raw["liveReload"] === "true" && raw["replicas"] !== "1"
      ? ["liveReload is for one replica (pulumi config set replicas 1)"]
      : []),
    ...(Number(raw["redisMaxMemoryMb"]) > Number(raw["redisMemoryMb"]) * 0.75
      ? ["redisMaxMemoryMb leaves Redis no memory to write snapshots; make it at most three quarters of redisMemoryMb"]
      : []),
  ],
} satisfies OwnSettings;
