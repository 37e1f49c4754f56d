import * as berth from "berth";
import { appContainers } from "./app";
import { configOf } from "./config";
import { development } from "./development";
import { ownSettings } from "./settings";

/** DevPortal, in the order in which its parts start. */
export const { url, adminUser, adminPassword, release, database, cache, seed } = berth.stack(ownSettings, (stack) => {
  const config = configOf(stack.config);
  // nginx is in the first network only, so it cannot reach the database and Redis in the second.
  const front = new berth.Network("devportal-network", { stack });
  const back = new berth.Network("store-network", { stack, internal: !config.reachable });
  const networks = [front, back];

  const postgres = new berth.Postgres("postgres", { ...config.database, networks: [back] });
  const redis = new berth.Redis("redis", { ...config.redis, networks: [back] });
  const { target, seedPassword } = development(config, networks, { postgres, redis });
  const backups = new berth.Backups("backups", { ...config.backups, databases: [postgres], networks });

  const secretKey = new berth.Secret("secret-key", config.secretKey);
  const jwtSecretKey = new berth.Secret("jwt-secret-key", config.jwtSecretKey);
  const admin = new berth.Secret("admin-password", config.adminPassword);
  const image = new berth.Image("app", { stack, context: "./backend", target });
  const secrets = { secretKey, jwtSecretKey, adminPassword: admin, seedPassword };
  const needed = { image, networks, postgres, redis, ...secrets, backups };
  const app = appContainers(config, needed);
  new berth.Job("migrate", app.migrate);
  const web = new berth.WebService("app", app.web);
  if (config.quotaReset) new berth.Cron("reset-quotas", { ...app.resetQuotas, ...config.quotaReset });

  const edge = new berth.Edge("nginx", {
    ...config.edge,
    networks: [front],
    image: new berth.Image("nginx", { stack, context: ".", dockerfile: "nginx/Dockerfile" }),
    title: "DevPortal",
    template: "./nginx/nginx.conf",
    settings: config.nginx,
    upstreams: { app: web },
    healthPath: "/health",
    certificate: berth.siteCertificate(config.tls, front),
  });

  return {
    url: edge.url,
    adminUser: config.values.adminEmail,
    adminPassword: admin.value,
    release: image.hash,
    database: postgres.loopbackUrl,
    cache: redis.loopbackUrl,
    seed: seedPassword?.value,
  };
});
