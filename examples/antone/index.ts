import * as berth from "berth";
import { configOf } from "./config";
import { backendContainers, dashboardContainer } from "./containers";
import { ownSettings } from "./settings";

/** Antone, in the order in which its parts start. */
export const { url, adminPassword, database, release } = berth.stack(ownSettings, (stack) => {
  const config = configOf(stack.config);
  const front = new berth.Network("antone-network", { stack });
  const back = new berth.Network("database-network", { stack, internal: !config.database.loopbackPort });
  const networks = [front, back];

  const postgres = new berth.Postgres("postgres", {
    ...config.database,
    networks: [back],
    image: "postgres:17-alpine",
    database: "antone",
    user: "antone",
    volume: "postgres_data",
  });
  const backups = new berth.Backups("backups", { ...config.backups, databases: [postgres], networks });

  const operator = new berth.Secret("operator-password", config.operatorPassword);
  const jwtSecret = new berth.Secret("jwt-secret", config.jwtSecret);
  const image = new berth.Image("backend", { ...config.backendImage, stack });
  const backend = backendContainers(config, { image, postgres, networks, operator, jwtSecret, backups });
  new berth.Job("migrate", backend.migrate);
  const api = new berth.WebService("backend-api", backend.api);
  new berth.Worker("backend-worker", backend.worker);

  const page = new berth.Image("dashboard", { ...config.dashboardImage, stack });
  const dashboard = new berth.WebService("dashboard", dashboardContainer(config, page, front));

  const edge = new berth.Edge("nginx", {
    ...config.edge,
    networks: [front],
    image: new berth.Image("nginx", { stack, context: "./nginx" }),
    title: "Antone",
    errorPages: "./nginx/errors",
    template: "./nginx/nginx.conf",
    settings: config.nginx,
    upstreams: { dashboard, api },
    healthPath: "/api/health/",
    certificate: berth.siteCertificate(config.tls, front),
  });
  if (config.tunnel) new berth.Tunnel("cloudflared", { ...config.tunnel, networks: [front] });

  return { url: edge.url, adminPassword: operator.value, database: postgres.loopbackUrl, release: image.hash };
});
