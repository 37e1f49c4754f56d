import * as berth from "berth";
import type { Config } from "./config";

/** Vite's development server, which follows every edit of the page. */
export function viteServer(stack: berth.InStack, network: berth.Network, config: Config): berth.WebService {
  const image = new berth.Image("vite", { stack, context: "./frontend", target: "dev" });
  return new berth.WebService("vite", {
    networks: [network],
    image,
    user: "1000:1000",
    folders: config.sources.frontend,
    scratch: ["/tmp"],
    env: { SITE_PORT: String(config.edge.httpPort), npm_config_cache: "/tmp/npm" },
    port: 5173,
    health: { command: ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:5173/"] },
    limits: { memory: 512 },
    stopGrace: 1,
  });
}
