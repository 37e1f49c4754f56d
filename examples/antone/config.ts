import { resolve } from "node:path";
import * as berth from "berth";
import type { ownSettings } from "./settings";

/** The stack's configuration, in the form the components take. */
export type Config = ReturnType<typeof configOf>;

/** Adds this project's parts to the standard ones. */
export function configOf({ values, ...standard }: berth.Config<typeof ownSettings>) {
  const { liveReload: live, apiUrl = "" } = values;
  return {
    ...standard,
    values,
    database: {
      ...berth.postgresArgs(values),
    },
    operatorPassword: { ...berth.secretArgs(values, "operatorPassword"), length: 20 },
    jwtSecret: berth.secretArgs(values, "jwtSecret"),
    backendImage: { context: "./app", target: live ? "development" : "production" },
    dashboardImage: {
      context: "./app",
      dockerfile: "packages/dashboard/Dockerfile",
      target: live ? "development" : "production",
      buildArgs: { NEXT_PUBLIC_API_URL: apiUrl },
    },
    api: {
      replicas: values.replicas,
      limits: berth.limitArgs(values, "api"),
      stopGrace: values.drainSeconds,
      ...berth.loopbackPorts([values.apiPort, 3001], [values.inspectorPort, 9229]),
    },
    worker: {
      replicas: values.workers,
      limits: berth.limitArgs(values, "worker"),
      // A platform may take half a minute to respond.
      stopGrace: 60,
    },
    dashboard: {
      replicas: values.replicas,
      limits: berth.limitArgs(values, "dashboard"),
      stopGrace: values.drainSeconds,
      ...berth.loopbackPorts([values.dashboardPort, 3000]),
    },
    nginx: { drainSeconds: values.drainSeconds, live, apiUrl, maxBodySizeMb: 1 },
    tunnel: tunnel(values),
    /** For live reload: this machine's source folders, by their folders in the containers. */
    sources: live ? { backend: sources("database", "api", "worker"), dashboard: sources("dashboard") } : {},
  };
}

/** Arguments of the component `Tunnel`; undefined without a tunnel. */
function tunnel({ tunnelToken, tunnelHostname, tunnelApiHostname }: Tunnelled) {
  const token = berth.secret(tunnelToken);
  if (!token || !tunnelHostname) return undefined;
  const api = "http://backend-api:3001";
  return {
    token,
    ingress: [
      { hostname: tunnelHostname, path: "^/api/", service: api },
      { hostname: tunnelHostname, service: "http://dashboard:3000" },
      ...(tunnelApiHostname ? [{ hostname: tunnelApiHostname, service: api }] : []),
    ],
  };
}

type Tunnelled = { [Name in "tunnelToken" | "tunnelHostname" | "tunnelApiHostname"]?: string | undefined };

function sources(...packages: string[]): Record<string, string> {
  return Object.fromEntries(
    packages.map((name) => [`/app/packages/${name}/src`, resolve("app/packages", name, "src")]),
  );
}
