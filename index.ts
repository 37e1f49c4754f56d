import { backendSettings, migrationSettings } from "./backend-settings";
import { Edge, Image, Job, Network, Postgres, Registry, Secret, Server, Volume, WebService } from "./components";
import { readConfig } from "./config";

const config = readConfig();

const registry = config.registry ? new Registry("registry", config.registry) : undefined;
const server = new Server("server", { ...config.server, registry });
const network = new Network("mailtracker_network", { server });

const database = new Postgres("postgres", {
  network,
  image: "postgres:16-alpine",
  database: "mailtracker",
  user: "mailtracker_user",
  volume: "postgres_data",
});
const pdfs = new Volume("pdf_storage", { server });
const statics = new Volume("static_volume", { server });
const secretKey = new Secret("secret-key", { value: config.secretKey });
const admin = new Secret("admin-password", { value: config.adminPassword, length: 20 });

const image = new Image("backend", { server, context: "./backend", registry });
const told = backendSettings(config, image.hash, database, secretKey);
const backend = {
  network,
  image: image.reference,
  user: "10001:10001",
  volumes: { "/srv/mailtracker/pdfs": pdfs, "/app/staticfiles": statics },
};
const migrate = new Job(
  "migrate",
  { ...backend, ...migrationSettings(told, config.adminUser, admin), command: ["migrate"] },
  { dependsOn: [database] },
);
const health = { command: ["/app/healthcheck.sh"] };
const web = new WebService(
  "backend",
  { ...backend, ...told, command: ["serve"], port: 8000, health, replicas: config.replicas, stopGrace: config.drain },
  { dependsOn: [migrate] },
);

const edge = new Edge("nginx", {
  network,
  image: new Image("nginx", { server, context: "./nginx", registry }).reference,
  template: "./nginx/nginx.conf",
  settings: { maxBodySizeMb: Math.max(20, config.maxPdfSizeMb * 2) },
  upstreams: { backend: web },
  volumes: {
    "/srv/mailtracker/pdfs": { volume: pdfs, readOnly: true },
    "/srv/mailtracker/static": { volume: statics, readOnly: true },
  },
  ...config.edge,
  drain: config.drain,
});

export const url = edge.url;
export const adminUser = config.adminUser;
export const adminPassword = admin.value;
export const release = image.hash;
