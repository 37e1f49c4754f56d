import * as berth from "berth";
import { appSettings, migrationSettings, readConfig } from "./config";
import { development } from "./development";

const config = readConfig();

const registry = config.registry && new berth.Registry("registry", config.registry);
const server = new berth.Server("server", { ...config.server, registry });
// nginx is in the first only, so it cannot reach what is in the second: the database and Redis.
const front = new berth.Network("devportal-network", { server });
const back = new berth.Network("store-network", { server, internal: !config.reachable });

const postgres = new berth.Postgres("postgres", {
  ...config.database,
  networks: [back],
  image: "postgres:15-alpine",
  database: "devportal",
  user: "devportal_user",
  volume: "postgres_data",
  extensions: ["uuid-ossp", "pgcrypto"],
});
const redis = new berth.Redis("redis", {
  ...config.redis,
  networks: [back],
  image: "redis:7-alpine",
  owner: "devportal",
  volume: "redis_data",
  policy: "allkeys-lru",
});
const both: [berth.Network, berth.Network] = [front, back];
const { target, seedPassword } = development(config, both, redis);
const backups = new berth.Backups("backups", { ...config.backups, databases: [postgres], networks: both, registry });

const secretKey = new berth.Secret("secret-key", config.secretKey);
const jwtSecretKey = new berth.Secret("jwt-secret-key", config.jwtSecretKey);

const image = new berth.Image("app", { server, context: "./backend", target, registry });
const told = appSettings(config, image.hash, { postgres, redis, secretKey, jwtSecretKey });
const app = { ...config.app, ...told, networks: both, image: image.reference };
const migrated = migrationSettings(config, told, seedPassword);
const saved = backups.before(image.hash, migrated.migrations);
const migrate = new berth.Job("migrate", { ...app, ...migrated, command: ["migrate"] }, { dependsOn: [saved] });
const serving = { ...app, ...config.serving, command: ["serve"] };
const web = new berth.WebService("app", serving, { dependsOn: [migrate] });

const nginx = new berth.Image("nginx", { server, context: ".", dockerfile: "nginx/Dockerfile", registry });
const edge = new berth.Edge("nginx", {
  ...config.edge,
  networks: [front],
  image: nginx.reference,
  title: "DevPortal",
  template: "./nginx/nginx.conf",
  settings: config.nginx,
  upstreams: { app: web },
  healthPath: "/health",
  certificate: berth.siteCertificate(config.tls, front),
});

const images = { app: image, nginx, backups: backups.image };
new berth.Release("release", { ...config.release, server, images }, { dependsOn: [edge] });

export const url = edge.url;
export const release = image.hash;
export const database = postgres.loopbackUrl;
export const cache = redis.loopbackUrl;
export const seed = seedPassword?.value;
