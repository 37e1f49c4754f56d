import { connect, type PeerCertificate } from "node:tls";
import type { Deployment } from "./deployment";
import { localDocker } from "./local-docker";
import { containersOf } from "./office-story";

/** State and last health check output of the certificate manager's container on this machine. */
export async function certificateHealth(deployment: Deployment): Promise<string> {
  const [container = ""] = await containersOf(deployment, localDocker, "certificate");
  const { Status, Log } = JSON.parse(await localDocker("inspect", "--format", "{{json .State.Health}}", container)) as {
    Status: string;
    Log: { Output: string }[];
  };
  return `${Status} ${Log.at(-1)?.Output}`;
}

/** The certificate that a site serves. */
export function servedCertificate(site: { host: string; port: number; servername: string }): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...site, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.end();
    });
    socket.on("error", reject);
  });
}
