import * as berth from "berth";

const config = berth.readConfig({ settings: {} });
const server = new berth.Server("server", config.server);
const front = new berth.Network("front", { server });

const image = new berth.Image("app", { server, context: "./app" });
const app = new berth.WebService("app", {
  networks: [front],
  image: image.reference,
  user: "1000:1000",
  env: { PORT: "3000" },
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

new berth.Release("release", { ...config.release, server, images: { app: image, nginx } }, { dependsOn: [edge] });

export const url = edge.url;
