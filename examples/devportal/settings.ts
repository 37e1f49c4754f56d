import { cpus, flag, memory, number, type OwnSettings, optionalSecret, origins, pids, toolPort } from "berth";
import { z } from "zod";

/** DevPortal's own settings, beside those of every stack; defaults and descriptions stand in Pulumi.yaml. */
export const ownSettings = {
  settings: {
    appEnv: z.enum(["development", "production"], "must be development or production"),
    debug: flag,
    liveReload: flag,
    replicas: number(1, 20),
    signInsPerMinute: number(1, 10_000),
    requestsPerSecond: number(1, 100_000),
    quotaPerDay: number(1, 1_000_000_000),
    jwtAlgorithm: z.enum(["HS256", "HS384", "HS512"], "must be HS256, HS384 or HS512"),
    jwtExpireMinutes: number(1, 43_200),
    allowedOrigins: origins,
    waitTimeoutSeconds: number(1, 3600),
    migrationTimeoutSeconds: number(1, 86_400),
    appMemoryMb: memory,
    appCpus: cpus,
    appPids: pids,
    databaseMemoryMb: number(128, 1_048_576),
    databaseCpus: cpus,
    databasePids: pids,
    redisMemoryMb: memory,
    redisMaxMemoryMb: memory,
    redisCpus: cpus,
    databasePort: toolPort,
    redisPort: toolPort,
    adminerPort: toolPort,
    redisCommanderPort: toolPort,
    databasePassword: optionalSecret(12),
    databasePasswordVersion: number(1, 1_000_000),
    redisPassword: optionalSecret(12),
    redisPasswordVersion: number(1, 1_000_000),
    secretKey: optionalSecret(32),
    secretKeyFallback: optionalSecret(32),
    secretKeyVersion: number(1, 1_000_000),
    jwtSecretKey: optionalSecret(32),
    jwtSecretKeyFallback: optionalSecret(32),
    jwtSecretKeyVersion: number(1, 1_000_000),
  },
  secrets: [
    "databasePassword",
    "redisPassword",
    "secretKey",
    "secretKeyFallback",
    "jwtSecretKey",
    "jwtSecretKeyFallback",
  ],
  notRolledBack: ["databasePasswordVersion", "redisPasswordVersion", "secretKeyVersion", "jwtSecretKeyVersion"],
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
