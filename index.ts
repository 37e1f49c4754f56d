import * as berth from "./components";
import { ownSettings } from "./settings";
import { backendContainers } from "./stack/backend-containers";
import { configOf } from "./stack/config";

/** Mail Tracker, in the order in which its parts start. */
const mailTracker = berth.stack(ownSettings, (stack) => {
  const config = configOf(stack.config);
  const front = new berth.Network("mailtracker_network", { stack });
  const back = new berth.Network("database_network", { stack, internal: !config.database.loopbackPort });
  const networks = [front, back];

  const postgres = new berth.Postgres("postgres", { ...config.database, volume: "postgres_data", networks: [back] });
  if (config.adminerPort) new berth.Adminer("adminer", { networks, loopbackPort: config.adminerPort });

  const pdfs = new berth.Volume("pdf_storage", { stack });
  const statics = new berth.Volume("static_volume", { stack });
  const files = { pdf_storage: pdfs };
  const backups = new berth.Backups("backups", { ...config.backups, databases: [postgres], files, networks });

  const secretKey = new berth.Secret("secret-key", config.secretKey);
  const admin = new berth.Secret("admin-password", config.adminPassword);
  const image = new berth.Image("backend", { ...config.backendImage, stack });
  const volumes = { [config.pdfStoragePath]: pdfs, "/app/staticfiles": statics };
  const backend = backendContainers(config, { image, networks, volumes, postgres, secretKey, admin, backups });
  new berth.Job("migrate", backend.migrate);
  const web = new berth.WebService("backend", backend.web);
  if (config.digest) new berth.Cron("digest", { ...backend.digest, ...config.digest });
  const metrics =
    config.metrics && new berth.Metrics("metrics", { ...config.metrics, networks, postgres, sites: config.names });

  const edge = new berth.Edge("nginx", {
    ...config.edge,
    networks: [front],
    image: new berth.Image("nginx", { ...config.nginxImage, stack }),
    title: "Mail Tracker",
    template: "./nginx/nginx.conf",
    settings: config.nginx,
    upstreams: { backend: web },
    healthPath: "/api/health/",
    volumes: {
      [config.pdfStoragePath]: { volume: pdfs, readOnly: true },
      "/srv/mailtracker/static": { volume: statics, readOnly: true },
    },
    certificate: berth.siteCertificate(config.tls, front),
    metrics,
  });

  return {
    url: edge.url,
    adminUser: config.backend.adminUser,
    adminPassword: admin.value,
    metricsPassword: metrics?.scraper?.password,
    database: postgres.loopbackUrl,
    release: image.hash,
  };
});

export const { url, adminUser, adminPassword, metricsPassword, database, release } = mailTracker;
