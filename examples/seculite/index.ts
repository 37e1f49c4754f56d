import * as berth from "berth";
import { backendContainers } from "./backend";
import { readConfig } from "./config";
import { viteServer } from "./vite-server";

const config = readConfig();

const registry = config.registry && new berth.Registry("registry", config.registry);
const server = new berth.Server("server", { ...config.server, registry });
const front = new berth.Network("seculite_network", { server });
const back = new berth.Network("data_network", { server, internal: !config.loopbackPorts });

const postgres = new berth.Postgres("postgres", {
  ...config.database,
  networks: [back],
  image: "postgres:15-alpine",
  database: "seculite",
  user: "seculite_user",
  volume: "postgres_data",
});
const redis = new berth.Redis("redis", { ...config.redis, networks: [back], owner: "seculite", volume: "redis_data" });

const media = new berth.Volume("backend_media_data", { server });
const statics = new berth.Volume("backend_static_collected", { server });
const secretKey = new berth.Secret("secret-key", config.secretKey);
const admin = new berth.Secret("admin-password", config.adminPassword);

const kept = { databases: [postgres], files: { media } } as const;
const backups = new berth.Backups("backups", { ...config.backups, ...kept, networks: [front, back], registry });

const image = new berth.Image("backend", { ...config.backendImage, server, registry });
const volumes = { "/app/media": media, "/app/staticfiles_collected": statics };
const needed = { image, volumes, postgres, redis, secretKey, admin };
const containers = backendContainers(config, { networks: [front, back], ...needed });
const saved = backups.before(image.hash, containers.migrate.migrations);
const migrate = new berth.Job("migrate", containers.migrate, { dependsOn: [saved] });
const web = new berth.WebService("backend", containers.web, { dependsOn: [migrate] });
const worker = new berth.Worker("worker", containers.worker, { dependsOn: [migrate] });
// In its turn, after all that can fail, as it cannot stand beside the one before.
const beat = new berth.Worker("beat", containers.beat, { dependsOn: [web, worker] });

const nginx = new berth.Image("nginx", { server, context: "./frontend", registry });
const edge = new berth.Edge("nginx", {
  ...config.edge,
  networks: [front],
  image: nginx.reference,
  title: "SecuLite",
  template: "./nginx/nginx.conf",
  settings: config.nginx,
  upstreams: { backend: web, ...(config.values.liveReload && { vite: viteServer(server, front, config) }) },
  healthPath: "/api/health/",
  volumes: {
    "/var/www/django_static": { volume: statics, readOnly: true },
    "/var/www/media": { volume: media, readOnly: true },
  },
  certificate: berth.siteCertificate(config.tls, front),
});

const images = { backend: image, nginx, backups: backups.image };
new berth.Release("release", { ...config.release, server, images }, { dependsOn: [edge, beat] });

export const url = edge.url;
export const adminUser = config.values.adminUser;
export const adminPassword = admin.value;
export const database = postgres.loopbackUrl;
export const broker = redis.loopbackUrl;
export const release = image.hash;
