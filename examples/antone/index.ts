import * as berth from "berth";
import { readConfig } from "./config";
import { backendContainers, dashboardContainer } from "./containers";

const config = readConfig();

const registry = config.registry && new berth.Registry("registry", config.registry);
const server = new berth.Server("server", { ...config.server, registry });
const front = new berth.Network("antone-network", { server });
const back = new berth.Network("database-network", { server, internal: !config.database.loopbackPort });

const postgres = new berth.Postgres("postgres", {
  ...config.database,
  networks: [back],
  image: "postgres:17-alpine",
  database: "antone",
  user: "antone",
  volume: "postgres_data",
});

const operator = new berth.Secret("operator-password", config.operatorPassword);
const jwtSecret = new berth.Secret("jwt-secret", config.jwtSecret);

const networks: [berth.Network, berth.Network] = [front, back];
const backups = new berth.Backups("backups", { ...config.backups, databases: [postgres], networks, registry });

const image = new berth.Image("backend", { ...config.backendImage, server, registry });
const backend = backendContainers(config, { image, postgres, networks, operator, jwtSecret });
const saved = backups.before(image.hash, backend.migrate.migrations);
const migrate = new berth.Job("migrate", backend.migrate, { dependsOn: [saved] });
const api = new berth.WebService("backend-api", backend.api, { dependsOn: [migrate] });
const worker = new berth.Worker("backend-worker", backend.worker, { dependsOn: [migrate] });

const page = new berth.Image("dashboard", { ...config.dashboardImage, server, registry });
const dashboard = new berth.WebService("dashboard", dashboardContainer(config, page, front));

const nginx = new berth.Image("nginx", { server, context: "./nginx", registry });
const edge = new berth.Edge("nginx", {
  ...config.edge,
  networks: [front],
  image: nginx.reference,
  title: "Antone",
  errorPages: "./nginx/errors",
  template: "./nginx/nginx.conf",
  settings: config.nginx,
  upstreams: { dashboard, api },
  healthPath: "/api/health/",
  certificate: berth.siteCertificate(config.tls, front),
});
const tunnel = config.tunnel && new berth.Tunnel("cloudflared", { ...config.tunnel, networks: [front] });

const images = { backend: image, dashboard: page, nginx, backups: backups.image };
const all = [edge, worker, ...(tunnel ? [tunnel] : [])];
new berth.Release("release", { ...config.release, server, images }, { dependsOn: all });

export const url = edge.url;
export const adminPassword = operator.value;
export const database = postgres.loopbackUrl;
export const release = image.hash;
