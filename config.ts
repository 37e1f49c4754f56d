import * as berth from "./components";
import type { ownSettings } from "./settings";

/** The stack's configuration, in the form the components take. */
export type Config = ReturnType<typeof configOf>;

/** Adds this project's parts to the standard ones. */
export function configOf({ values, ...standard }: berth.Config<typeof ownSettings>) {
  return {
    ...standard,
    nginx: {
      // A mail may have several PDFs at once.
      maxBodySizeMb: Math.max(20, values.maxPdfSizeMb * 2),
      signInsPerMinute: values.signInsPerMinute,
      live: values.liveReload,
    },
    database: {
      image: `postgres:${values.databaseVersion}-alpine`,
      upgrade: values.databaseUpgrade,
      password: berth.secret(values.databasePassword),
      passwordVersion: values.databasePasswordVersion,
      loopbackPort: values.databasePort,
      limits: { memory: values.databaseMemoryMb, cpus: values.databaseCpus, pids: values.databasePids },
    },
    adminerPort: values.adminerPort,
    backend: values,
    replicas: values.replicas,
    backendContainer: {
      limits: { memory: values.backendMemoryMb, cpus: values.backendCpus, pids: values.backendPids },
      stopGrace: values.drainSeconds,
    },
    adminPassword: { value: berth.secret(values.adminPassword), length: 20 },
    secretKey: {
      value: berth.secret(values.secretKey),
      previous: berth.secret(values.secretKeyFallback),
      version: values.secretKeyVersion,
    },
  };
}
