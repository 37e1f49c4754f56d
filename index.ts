import { backendSettings, liveSources, migrationSettings } from "./backend-settings";
import {
  Adminer,
  Edge,
  Image,
  Job,
  Network,
  Postgres,
  Registry,
  Secret,
  Server,
  Volume,
  WebService,
} from "./components";
import { readConfig } from "./config";
import { siteCertificate } from "./site-certificate";

const config = readConfig();

const registry = config.registry && new Registry("registry", config.registry);
const server = new Server("server", { ...config.server, registry });
const front = new Network("mailtracker_network", { server });
const back = new Network("database_network", { server, internal: !config.database.loopbackPort });

const database = new Postgres("postgres", {
  ...config.database,
  networks: [back],
  image: "postgres:16-alpine",
  database: "mailtracker",
  user: "mailtracker_user",
  volume: "postgres_data",
});
const pdfs = new Volume("pdf_storage", { server });
const statics = new Volume("static_volume", { server });
const secretKey = new Secret("secret-key", config.secretKey);
const admin = new Secret("admin-password", { value: config.adminPassword, length: 20 });

const image = new Image("backend", { server, context: "./backend", registry });
const told = backendSettings(config, image.hash, database, secretKey);
const backend = {
  networks: [front, back] as [Network, Network],
  image: image.reference,
  user: "10001:10001",
  volumes: { "/srv/mailtracker/pdfs": pdfs, "/app/staticfiles": statics },
  folders: config.backend.liveReload ? liveSources("./backend") : {},
  scratch: ["/tmp"],
  limits: config.limits,
};
const migrate = new Job("migrate", {
  ...backend,
  ...migrationSettings(told, config.adminUser, admin),
  command: ["migrate"],
  timeout: config.migrationTimeout,
});
const web = new WebService(
  "backend",
  { ...backend, ...told, command: ["serve"], port: 8000, health: { command: ["/app/healthcheck.sh"] }, ...config.web },
  { dependsOn: [migrate] },
);
if (config.adminerPort) new Adminer("adminer", { networks: [front, back], loopbackPort: config.adminerPort });

const edge = new Edge("nginx", {
  ...config.edge,
  networks: [front],
  image: new Image("nginx", { server, context: "./nginx", registry }).reference,
  template: "./nginx/nginx.conf",
  settings: config.nginx,
  upstreams: { backend: web },
  volumes: {
    "/srv/mailtracker/pdfs": { volume: pdfs, readOnly: true },
    "/srv/mailtracker/static": { volume: statics, readOnly: true },
  },
  certificate: siteCertificate(config, front),
});

export const url = edge.url;
export const adminUser = config.adminUser;
export const adminPassword = admin.value;
export const release = image.hash;
