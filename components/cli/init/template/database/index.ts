import * as berth from "berth";

const config = berth.readConfig({ settings: {} });
const server = new berth.Server("server", config.server);
const front = new berth.Network("front", { server });
const back = new berth.Network("back", { server, internal: true });

const postgres = new berth.Postgres("postgres", { networks: [back], database: "app", user: "postgres" });
const backups = new berth.Backups("backups", { ...config.backups, networks: [front, back], databases: [postgres] });

const image = new berth.Image("app", { server, context: "./app" });
const app = new berth.WebService("app", {
  networks: [front, back],
  image: image.reference,
  user: "1000:1000",
  env: { PORT: "3000", PGHOST: postgres.host, PGDATABASE: postgres.database, PGUSER: postgres.login },
  files: { "/run/secrets/database-password": postgres.password },
  port: 3000,
  health: { command: ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"] },
  replicas: 2,
});

const nginx = new berth.Image("nginx", { server, context: "./nginx" });
const edge = new berth.Edge("nginx", {
  ...config.edge,
  networks: [front],
  image: nginx.reference,
  template: "./nginx/nginx.conf",
  upstreams: { app },
  certificate: berth.siteCertificate(config.tls, front),
});

new berth.Release(
  "release",
  { ...config.release, server, images: { app: image, nginx, backups: backups.image } },
  { dependsOn: [edge] },
);

export const url = edge.url;
