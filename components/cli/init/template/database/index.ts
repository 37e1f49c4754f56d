import * as berth from "berth";

export const { url } = berth.stack({ settings: {} }, (stack) => {
  const front = new berth.Network("front", { stack });
  const back = new berth.Network("back", { stack, internal: true });
  const networks = [front, back];

  const postgres = new berth.Postgres("postgres", { networks: [back], database: "app", user: "postgres" });
  new berth.Backups("backups", { ...stack.config.backups, networks, databases: [postgres] });

  const app = new berth.WebService("app", {
    networks,
    image: new berth.Image("app", { stack, context: "./app" }),
    user: "1000:1000",
    env: { PORT: "3000", PGHOST: postgres.host, PGDATABASE: postgres.database, PGUSER: postgres.login },
    files: { "/run/secrets/database-password": postgres.password },
    port: 3000,
    health: { command: ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"] },
    replicas: 2,
  });

  const edge = new berth.Edge("nginx", {
    ...stack.config.edge,
    networks: [front],
    image: "nginx:alpine",
    upstreams: { app },
    certificate: berth.siteCertificate(stack.config.tls, front),
  });

  return { url: edge.url };
});
