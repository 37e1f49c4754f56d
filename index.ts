import { backendFolders, backendSettings, migrationSettings } from "./backend-settings";
import {
  Adminer,
  Edge,
  Image,
  Job,
  Network,
  Postgres,
  Registry,
  Release,
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

const named = { database: "mailtracker", user: "mailtracker_user", volume: "postgres_data" };
const postgres = new Postgres("postgres", {
  ...config.database,
  ...named,
  networks: [back],
  image: "postgres:16-alpine",
});
if (config.adminerPort) new Adminer("adminer", { networks: [front, back], loopbackPort: config.adminerPort });

const pdfs = new Volume("pdf_storage", { server });
const statics = new Volume("static_volume", { server });
const secretKey = new Secret("secret-key", config.secretKey);
const admin = new Secret("admin-password", config.adminPassword);

const image = new Image("backend", { server, context: "./backend", registry });
const told = backendSettings(config, image.hash, postgres, secretKey);
const backend = {
  ...config.backendContainer,
  networks: [front, back] as [Network, Network],
  image: image.reference,
  user: "10001:10001",
  volumes: { "/srv/mailtracker/pdfs": pdfs, "/app/staticfiles": statics },
  folders: backendFolders(config),
  scratch: ["/tmp"],
};
const migration = migrationSettings(config, told, admin);
const migrate = new Job("migrate", { ...backend, ...migration, command: ["migrate"] });
const health = { command: ["/app/healthcheck.sh"] };
const serve = { ...backend, ...told, command: ["serve"], port: 8000, health, replicas: config.replicas };
const web = new WebService("backend", serve, { dependsOn: [migrate] });

const nginx = new Image("nginx", { server, context: "./nginx", registry });
const edge = new Edge("nginx", {
  ...config.edge,
  networks: [front],
  image: nginx.reference,
  template: "./nginx/nginx.conf",
  settings: config.nginx,
  upstreams: { backend: web },
  volumes: {
    "/srv/mailtracker/pdfs": { volume: pdfs, readOnly: true },
    "/srv/mailtracker/static": { volume: statics, readOnly: true },
  },
  certificate: siteCertificate(config, front),
});

new Release("release", { ...config.release, server, images: { backend: image, nginx } }, { dependsOn: [edge] });

export const url = edge.url;
export const adminUser = config.backend.adminUser;
export const adminPassword = admin.value;
export const database = postgres.loopbackUrl;
export const release = image.hash;
