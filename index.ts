import { Edge, Image, Job, Network, Postgres, Registry, Secret, Server, Volume, WebService } from "./components";
import { readConfig } from "./config";

const config = readConfig();

const registry = config.registry ? new Registry("registry", config.registry) : undefined;
const server = new Server("server", { ssh: config.ssh, registryMirrors: config.registryMirrors, registry });
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
const backend = {
  network,
  image: image.reference,
  user: "10001:10001",
  volumes: { "/srv/mailtracker/pdfs": pdfs, "/app/staticfiles": statics },
  files: { "/run/secrets/secret-key": secretKey.value, "/run/secrets/database-password": database.password },
  env: {
    RELEASE: image.hash,
    DEBUG: String(config.debug),
    ALLOWED_HOSTS: config.allowedHosts.join(","),
    CORS_ALLOWED_ORIGINS: config.corsAllowedOrigins.join(","),
    SECRET_KEY_FILE: "/run/secrets/secret-key",
    DATABASE_URL: `postgres://${database.user}@${database.host}:${database.port}/${database.database}`,
    DATABASE_PASSWORD_FILE: "/run/secrets/database-password",
    POSTGRES_HOST: database.host,
    POSTGRES_USER: database.user,
    POSTGRES_DB: database.database,
    PDF_STORAGE_PATH: "/srv/mailtracker/pdfs",
    MAX_PDF_SIZE_MB: String(config.maxPdfSizeMb),
    ACCESS_TOKEN_LIFETIME_MINUTES: String(config.accessTokenLifetimeMinutes),
    REFRESH_TOKEN_LIFETIME_DAYS: String(config.refreshTokenLifetimeDays),
  },
};
const migrate = new Job(
  "migrate",
  {
    ...backend,
    command: ["migrate"],
    env: { ...backend.env, ADMIN_USER: config.adminUser, ADMIN_PASSWORD_FILE: "/run/secrets/admin-password" },
    files: { ...backend.files, "/run/secrets/admin-password": admin.value },
  },
  { dependsOn: [database] },
);
const web = new WebService(
  "backend",
  {
    ...backend,
    command: ["serve"],
    port: 8000,
    health: { command: ["/app/healthcheck.sh"] },
    replicas: config.replicas,
    stopGrace: config.drainSeconds,
  },
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
  address: config.httpAddress,
  httpPort: config.httpPort,
  drain: config.drainSeconds,
});

export const url = edge.url;
export const adminUser = config.adminUser;
export const adminPassword = admin.value;
export const release = image.hash;
