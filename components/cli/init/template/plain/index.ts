import * as berth from "berth";

export const { url } = berth.stack({ settings: {} }, (stack) => {
  const front = new berth.Network("front", { stack });

  const app = new berth.WebService("app", {
    networks: [front],
    image: new berth.Image("app", { stack, context: "./app" }),
    user: "1000:1000",
    env: { PORT: "3000" },
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
