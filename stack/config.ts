import * as berth from "../components";
import type { ownSettings } from "../settings";

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
      pdfStoragePath: values.pdfStoragePath,
      fileAuthorizationSeconds: values.fileAuthorizationSeconds,
    },
    database: {
      database: values.databaseName,
      user: values.databaseUser,
      image: `postgres:${values.databaseVersion}-alpine`,
      upgrade: values.databaseUpgrade,
      ...berth.postgresArgs(values),
    },
    adminerPort: values.adminerPort,
    /** The folder of the PDFs in the containers. Their images create it for the backend's user. */
    pdfStoragePath: values.pdfStoragePath,
    imageArgs: { buildArgs: { PDF_STORAGE_PATH: values.pdfStoragePath } },
    backend: values,
    replicas: values.replicas,
    backendContainer: {
      limits: berth.limitArgs(values, "backend"),
      stopGrace: values.drainSeconds,
    },
    adminPassword: { ...berth.secretArgs(values, "adminPassword"), length: 20 },
    secretKey: berth.secretArgs(values, "secretKey"),
  };
}
