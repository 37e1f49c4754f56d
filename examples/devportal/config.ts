import { resolve } from "node:path";
import * as berth from "berth";
import type { ownSettings } from "./settings";

/** The stack's configuration, in the form the components take. */
export type Config = ReturnType<typeof configOf>;

/** Adds this project's parts to the standard ones. */
export function configOf({ values, ...standard }: berth.Config<typeof ownSettings>) {
  return {
    ...standard,
    values,
    database: {
      image: "postgres:15-alpine",
      database: "devportal",
      user: "devportal_user",
      volume: "postgres_data",
      extensions: ["uuid-ossp", "pgcrypto"],
      ...berth.postgresArgs(values),
    },
    redis: {
      image: "redis:7-alpine",
      owner: "devportal",
      volume: "redis_data",
      policy: "allkeys-lru" as const,
      ...berth.redisArgs(values),
      maxMemory: values.redisMaxMemoryMb,
    },
    quotaReset: berth.cronArgs(values, "quotaReset"),
    adminPassword: { ...berth.secretArgs(values, "adminPassword"), length: 20 },
    secretKey: berth.secretArgs(values, "secretKey"),
    jwtSecretKey: berth.secretArgs(values, "jwtSecretKey"),
    nginx: {
      maxBodySizeMb: 1,
      signInsPerMinute: values.signInsPerMinute,
      requestsPerSecond: values.requestsPerSecond,
      drainSeconds: values.drainSeconds,
      live: values.liveReload,
    },
    /** Whether tools on the server may connect to the database or Redis, whose network is then not internal. */
    reachable: Boolean(values.databasePort || values.redisPort),
    serving: {
      port: 8000,
      replicas: values.replicas,
      // The long interval is the owners' choice. A release does not wait for it: its gate runs the check itself.
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
      limits: berth.limitArgs(values, "app"),
      stopGrace: values.drainSeconds,
      // For live reload: the sources on this machine.
      folders: values.liveReload ? { "/app/devportal": resolve("backend/devportal") } : {},
    },
  };
}
