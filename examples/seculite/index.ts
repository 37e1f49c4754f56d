import * as berth from "berth";
import { backendContainers } from "./backend";
import { configOf } from "./config";
import { ownSettings } from "./settings";
import { viteServer } from "./vite-server";

/** SecuLite, in the order in which its parts start. */
export const { url, adminUser, adminPassword, database, broker, release } = berth.stack(ownSettings, (stack) => {
  const config = configOf(stack.config);
  const front = new berth.Network("seculite_network", { stack });
  const back = new berth.Network("data_network", { stack, internal: !config.loopbackPorts });
  const networks = [front, back];

  const postgres = new berth.Postgres("postgres", { ...config.database, networks: [back] });
  const redis = config.redis && new berth.Redis("redis", { ...config.redis, networks: [back] });
  const media = new berth.Volume("backend_media_data", { stack });
  const statics = new berth.Volume("backend_static_collected", { stack });
  const files = { media };
  const backups = new berth.Backups("backups", { ...config.backups, databases: [postgres], files, networks });

  const secretKey = new berth.Secret("secret-key", config.secretKey);
  const admin = new berth.Secret("admin-password", config.adminPassword);
  const image = new berth.Image("backend", { ...config.backendImage, stack });
  const needed = { image, networks, media, statics, postgres, redis, secretKey, admin, backups };
  const backend = backendContainers(config, needed);
  new berth.Job("migrate", backend.migrate);
  const web = new berth.WebService("backend", backend.web);
  const worker = new berth.Worker("worker", backend.worker);
  // Beat comes last, after everything that can fail, since two must never run at once.
  new berth.Worker("beat", { ...backend.beat, after: [web, worker] });

  const edge = new berth.Edge("nginx", {
    ...config.edge,
    networks: [front],
    image: new berth.Image("nginx", { stack, context: "./frontend" }),
    title: "SecuLite",
    template: "./nginx/nginx.conf",
    settings: config.nginx,
    upstreams: { backend: web, ...(config.values.liveReload && { vite: viteServer(stack, front, config) }) },
    healthPath: "/api/health/",
    volumes: {
      "/var/www/django_static": { volume: statics, readOnly: true },
      "/var/www/media": { volume: media, readOnly: true },
    },
    certificate: berth.siteCertificate(config.tls, front),
  });

  return {
    url: edge.url,
    adminUser: config.values.adminUser,
    adminPassword: admin.value,
    database: postgres.loopbackUrl,
    broker: redis?.loopbackUrl,
    release: image.hash,
  };
});
