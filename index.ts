import { backendFolders, backendSettings, migrationSettings } from "./backend-settings";
import * as berth from "./components";
import { readConfig } from "./config";

const config = readConfig();

const registry = config.registry && new berth.Registry("registry", config.registry);
const server = new berth.Server("server", { ...config.server, registry });
const front = new berth.Network("mailtracker_network", { server });
const back = new berth.Network("database_network", { server, internal: !config.database.loopbackPort });

const postgres = new berth.Postgres("postgres", {
  ...config.database,
  database: "mailtracker",
  user: "mailtracker_user",
  volume: "postgres_data",
  networks: [back],
});
if (config.adminerPort) new berth.Adminer("adminer", { networks: [front, back], loopbackPort: config.adminerPort });

const pdfs = new berth.Volume("pdf_storage", { server });
const statics = new berth.Volume("static_volume", { server });
const secretKey = new berth.Secret("secret-key", config.secretKey);
const admin = new berth.Secret("admin-password", config.adminPassword);

const kept = { databases: [postgres], files: { pdf_storage: pdfs } } as const;
const backups = new berth.Backups("backups", { ...config.backups, ...kept, networks: [front, back], registry });

const image = new berth.Image("backend", { server, context: "./backend", registry });
const told = backendSettings(config, image.hash, postgres, secretKey);
const backend = {
  ...config.backendContainer,
  networks: [front, back] as [berth.Network, berth.Network],
  image: image.reference,
  user: "10001:10001",
  volumes: { "/srv/mailtracker/pdfs": pdfs, "/app/staticfiles": statics },
  folders: backendFolders(config),
  scratch: ["/tmp"],
};
const migrating = { ...backend, ...migrationSettings(config, told, admin), command: ["migrate"] };
const saved = backups.before(image.hash, migrating.migrations);
const migrate = new berth.Job("migrate", migrating, { dependsOn: [saved] });
const health = { command: ["/app/healthcheck.sh"] };
const serving = { ...backend, ...told, command: ["serve"], port: 8000, health, replicas: config.replicas };
const web = new berth.WebService("backend", serving, { dependsOn: [migrate] });

const nginx = new berth.Image("nginx", { server, context: "./nginx", registry });
const edge = new berth.Edge("nginx", {
  ...config.edge,
  networks: [front],
  image: nginx.reference,
  title: "Mail Tracker",
  template: "./nginx/nginx.conf",
  settings: config.nginx,
  upstreams: { backend: web },
  healthPath: "/api/health/",
  volumes: {
    "/srv/mailtracker/pdfs": { volume: pdfs, readOnly: true },
    "/srv/mailtracker/static": { volume: statics, readOnly: true },
  },
  certificate: berth.siteCertificate(config.tls, front),
});

new berth.Release(
  "release",
  { ...config.release, server, images: { backend: image, nginx, backups: backups.image } },
  { dependsOn: [edge] },
);

export const url = edge.url;
export const adminUser = config.backend.adminUser;
export const adminPassword = admin.value;
export const database = postgres.loopbackUrl;
export const release = image.hash;
