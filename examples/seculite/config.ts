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
      database: "seculite",
      user: "seculite_user",
      volume: "postgres_data",
      // The plan's name for it.
      aliases: ["db"],
      ...berth.postgresArgs(values),
    },
    /** Undefined with a broker elsewhere. */
    redis:
      values.celeryBrokerUrl === undefined
        ? { owner: "seculite", volume: "redis_data", ...berth.redisArgs(values) }
        : undefined,
    adminPassword: { ...berth.secretArgs(values, "adminPassword"), length: 20 },
    secretKey: berth.secretArgs(values, "secretKey"),
    nginx: {
      maxBodySizeMb: 1,
      signInsPerMinute: values.signInsPerMinute,
      drainSeconds: values.drainSeconds,
      live: values.liveReload,
    },
    web: {
      limits: berth.limitArgs(values, "backend"),
      stopGrace: values.drainSeconds,
      replicas: values.replicas,
      ...berth.loopbackPorts([values.backendPort, 8000]),
    },
    worker: {
      limits: berth.limitArgs(values, "worker"),
      // A worker needs a moment to return unfinished tasks to the queue.
      stopGrace: values.workerStopSeconds + 15,
      replicas: values.workers,
    },
    beat: { limits: berth.limitArgs(values, "beat"), single: true },
    backendImage: { context: "./backend", ...(values.liveReload && { target: "dev" }) },
    sources: sources(values.liveReload),
    /** Whether tools on the server may connect to the data network. */
    loopbackPorts: values.databasePort !== undefined || values.redisPort !== undefined,
  };
}

/** For live reload: this machine's source folders, by their folders in the containers. */
function sources(live: boolean) {
  const folder = (image: string, name: string) => ({ [`/app/${name}`]: resolve(image, name) });
  return {
    backend: live ? { ...folder("backend", "seculite_api"), ...folder("backend", "scans") } : {},
    frontend: live ? { ...folder("frontend", "src"), ...folder("frontend", "public") } : {},
  };
}
