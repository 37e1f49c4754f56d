import { connect, type PeerCertificate } from "node:tls";
import { expect } from "vitest";
import type { Deployment } from "./deployment";
import { eventually } from "./eventually";
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

/** The certificates of enough connections that each of nginx's workers answers: each worker reads the file itself. */
export function servedByWorkers(served: () => Promise<PeerCertificate>): Promise<PeerCertificate[]> {
  return Promise.all(Array.from({ length: 20 }, served));
}

/** Waits until all workers have another certificate than any had at first: a renewal may be under way then. */
export async function awaitRenewal(served: () => Promise<PeerCertificate>): Promise<void> {
  const known = (await servedByWorkers(served)).map(({ serialNumber }) => serialNumber);
  await eventually(300, async () => {
    for (const { serialNumber } of await servedByWorkers(served)) expect(known).not.toContain(serialNumber);
  });
}
