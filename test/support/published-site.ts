import { Edge, Network, WebService, Worker } from "../../components";
import { stack } from "../../components/stack/stack";
import { collecting, type Registered, resolved } from "./mocks";

/** What a program registers that publishes a site, and the port 5433 of a tool on the loopback address. */
export async function publishedSite(config: Record<string, string>): Promise<Registered[]> {
  const registered = await collecting(config);
  const { url } = stack({ settings: {} }, (stack) => {
    const networks = [new Network("front", { stack })];
    const app = new WebService("app", { networks, image: "app:1", port: 3000, health: { command: ["true"] } });
    new Worker("tool", { networks, image: "tool:1", user: "1:1", loopbackPorts: { 5433: 5432 } });
    return new Edge("edge", { ...stack.config.edge, networks, image: "nginx:alpine", upstreams: { app } });
  });
  await resolved(url);
  return registered;
}
