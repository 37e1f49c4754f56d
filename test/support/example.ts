import type { Browser } from "playwright-core";
import type { StandInServer } from "../servers/server";
import { startWarmServer } from "../servers/warm";
import { startBrowser } from "./browser";
import { Deployment } from "./deployment";
import { selfSignedCertificate } from "./self-signed-certificate";
import { fetchAt } from "./web";

/** A stack of an example with a certificate of its own, its server, and a browser to visit it. */
export interface Example {
  server: StandInServer;
  browser: Browser;
  deployment: Deployment;
  stop: () => Promise<void>;
}

/** Starts a server and creates an example's stack for it, which is not deployed yet. */
export async function startExample(
  name: "antone" | "seculite",
  siteName: string,
  config: Record<string, unknown>,
): Promise<Example> {
  const project = `examples/${name}` as const;
  const [server, browser] = await Promise.all([startWarmServer(project, { name }), startBrowser()]);
  let deployment: Deployment | undefined;
  const stop = async () => {
    await browser.close();
    await server.stop();
    deployment?.remove();
  };
  try {
    const { certificate, key } = await selfSignedCertificate(siteName);
    const settings = { ...server.settings, siteName, tls: "own", tlsCertificate: certificate, ...config };
    deployment = await Deployment.create(name, settings, { project });
    await deployment.setSecret("tlsKey", key);
    deployment.fetch = fetchAt({ address: server.address, authorities: [certificate] });
    return { server, browser, deployment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
