import {
  adminerSettings,
  connectionProblems,
  cronSettings,
  debugSettings,
  generatedSecret,
  limitSettings,
  liveReload,
  memory,
  migrationSettings,
  number,
  type OwnSettings,
  origins,
  postgresSettings,
  redisSettings,
  replicaCount,
  rotatedKeySettings,
  setting,
  signInSettings,
  toolPort,
} from "berth/settings";
import { z } from "zod";

const live = liveReload("the application", { env: "LIVE_RELOAD" });

/** DevPortal's own settings, in addition to the standard ones. After a change: npx berth settings */
export const ownSettings = {
  settings: {
    appEnv: setting(z.enum(["development", "production"], "must be development or production"), {
      default: "production",
      description: "development or production. In development, the database gets example data.",
      env: "APP_ENV",
    }),
    ...debugSettings("FastAPI"),
    ...live.settings,
    replicas: replicaCount("application containers that share the requests"),
    ...signInSettings("sign-in and sign-up attempts"),
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
    ...cronSettings("quotaReset", "the reset of all keys to quotaPerDay, e.g. @monthly,"),
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
    adminEmail: setting(z.email("must be an e-mail address such as admin@example.org"), {
      default: "admin@example.org",
      description: "E-mail address of the first administrator, who signs in with it.",
    }),
    adminPassword: generatedSecret(12, "Initial password of adminEmail"),
    ...migrationSettings,
    ...limitSettings("app", "each application container", { memory: 256, reservation: 128, cpus: 1, pids: 100 }),
    ...postgresSettings({ memory: 512, reservation: 0, cpus: 1, pids: 200 }),
    ...redisSettings({ memory: 512, reservation: 0, cpus: 1 }),
    redisMaxMemoryMb: setting(memory, {
      default: 256,
      description: "Memory for Redis' data. When it is full, Redis evicts the least recently used keys (allkeys-lru).",
      unit: "MiB",
    }),
    ...adminerSettings,
    redisCommanderPort: setting(toolPort, {
      default: 0,
      description: "Port of Redis Commander, a web page to inspect Redis, on the server's loopback address. 0: none.",
    }),
    ...rotatedKeySettings("secretKey", {
      description: "HMAC key for the digests of API keys",
      minLength: 32,
      effect: "API keys keep working",
    }),
    ...rotatedKeySettings("jwtSecretKey", {
      description: "Key that tokens are signed with",
      minLength: 32,
      effect: "users stay signed in",
    }),
  },
  check: (raw) => [
    ...live.check(raw),
    // The size of the pool in backend/devportal/stores.py.
    ...connectionProblems(raw, { app: ["replicas", 10] }),
    ...(raw["liveReload"] === "true" && raw["replicas"] !== "1"
      ? ["liveReload is for one replica (pulumi config set replicas 1)"]
      : []),
    ...(Number(raw["redisMaxMemoryMb"]) > Number(raw["redisMemoryMb"]) * 0.75
      ? ["redisMaxMemoryMb leaves Redis no memory to write snapshots; make it at most three quarters of redisMemoryMb"]
      : []),
    ...["app", "database", "redis"]
      .filter((name) => Number(raw[`${name}ReservedMb`]) >= Number(raw[`${name}MemoryMb`]))
      .map((name) => `${name}ReservedMb must be less than ${name}MemoryMb (pulumi config set ${name}ReservedMb 0)`),
  ],
} satisfies OwnSettings;
