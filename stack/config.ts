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
      frontend: values.frontend !== "none",
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
    metrics: berth.metricsArgs(values),
    adminerPort: values.adminerPort,
    /** The folder of the PDFs in the containers. Their images create it for the backend's user. */
    pdfStoragePath: values.pdfStoragePath,
    backendImage: { context: "./backend", buildArgs: { PDF_STORAGE_PATH: values.pdfStoragePath } },
    nginxImage: { context: "./nginx", ...nginxBuild(values) },
    backend: values,
    replicas: values.replicas,
    backendContainer: {
      limits: berth.limitArgs(values, "backend"),
      stopGrace: values.drainSeconds,
    },
    digest: berth.cronArgs(values, "digest"),
    adminPassword: { ...berth.secretArgs(values, "adminPassword"), length: 20 },
    secretKey: berth.secretArgs(values, "secretKey"),
  };
}

/** The stage of nginx/Dockerfile with the front end that the settings name. */
export function nginxBuild(values: berth.Config<typeof ownSettings>["values"]) {
  const { frontend, frontendImage, frontendImagePath } = values;
  const buildArgs = {
    PDF_STORAGE_PATH: values.pdfStoragePath,
    ...(frontend === "image" && frontendImage && { FRONTEND_IMAGE: frontendImage, FRONTEND_PATH: frontendImagePath }),
  };
  return { ...(frontend !== "none" && { target: `with-${frontend}` }), buildArgs };
}
