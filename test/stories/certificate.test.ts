import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AcmeTestServer } from "../servers/acme";
import { bridgeAddress } from "../servers/docker";
import { awaitRenewal, certificateHealth, servedByWorkers, servedCertificate } from "../support/certificates";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { localDocker } from "../support/local-docker";
import { containersOf } from "../support/office-story";
import { freePort } from "../support/ports";
import { selfSignedCertificate } from "../support/self-signed-certificate";
import { whileVisiting } from "../support/visitors";
import { fetchAt } from "../support/web";

const NAME = "mail.office.test";

let authority: AcmeTestServer;
let deployment: Deployment;
let address: string;
let httpsPort: number;
let url: string;
let settings: Record<string, unknown>;

beforeAll(async () => {
  address = await bridgeAddress();
  const httpPort = await freePort();
  httpsPort = await freePort();
  url = `https://${NAME}:${httpsPort}/api/health/`;
  // Renewed at half its lifetime. nginx checks the file once a minute, so the lifetime must not be much shorter.
  authority = await AcmeTestServer.start({ validitySeconds: 240, httpPort });
  settings = {
    siteName: NAME,
    httpAddress: address,
    httpPort,
    httpsPort,
    tls: "acme",
    acmeDirectory: authority.directory,
    acmeAuthority: authority.authority,
    acmeCheckSeconds: 5,
    drainSeconds: 5,
  };
  deployment = await Deployment.create("certificate", settings);
});

afterAll(async () => {
  await deployment?.destroyWithData();
  await authority?.stop();
  deployment?.remove();
});

test("an authority that cannot validate the name fails no release: the site serves, and the reason is reported", async () => {
  await authority.resolve("127.0.0.1");
  const output = await deployment.up();
  expect(output).toContain("WARNING: the site has no new certificate");
  expect(output).toContain(NAME);
  expect((await served()).issuer.CN).toBe("Self-signed certificate");
  await eventually(60, async () => expect(await keeper()).toMatch(/^unhealthy No certificate from https/));
});

test("the certificate is issued once the authority can validate the name", async () => {
  await authority.resolve(address);
  // Each nginx worker checks the file itself.
  await eventually(150, async () => {
    const shown = await servedByWorkers(served);
    expect(shown.filter(({ issuer }) => !issuer.CN?.includes("Pebble"))).toEqual([]);
  });
  await eventually(60, async () => expect(await keeper()).toMatch(/^healthy In use: issued by .*Pebble/));
  deployment.fetch = fetchAt({ address, authorities: [await authority.roots()] });
  expect((await deployment.fetch(url)).status).toBe(200);
});

test("the certificate is renewed without downtime", async () => {
  const before = await served();
  const visits = await whileVisiting(url, () => awaitRenewal(served), deployment.fetch);
  expect(visits.answered).toBeGreaterThan(250);
  expect(visits.failures).toEqual([]);
  expect((await served()).pubkey).toEqual(before.pubkey);
});

test("when the authority is unavailable, the certificate in use is kept and the certificate manager reports the reason", {
  tags: "extended",
}, async () => {
  await authority.goOffline();
  await eventually(240, async () => expect(await keeper()).toMatch(/^unhealthy No certificate from/));
  expect((await deployment.fetch(url)).status).toBe(200);
  await authority.comeOnline();
  await eventually(60, async () => expect(await keeper()).toMatch(/^healthy/));
});

test("a certificate from files is deployed like a release, and an invalid one changes nothing", async () => {
  const { certificate, key } = await selfSignedCertificate(NAME);
  deployment.configure({ ...settings, tls: "own", tlsCertificate: certificate });
  await deployment.setSecret("tlsKey", key);
  const visits = await whileVisiting(
    url,
    () => deployment.up(),
    fetchAt({ address, authorities: [certificate, await authority.roots()] }),
  );
  expect(visits.answered).toBeGreaterThan(20);
  expect(visits.failures).toEqual([]);
  expect((await served()).fingerprint256).toBe(new X509Certificate(certificate).fingerprint256);
  expect(deployment.state()).not.toContain("PRIVATE KEY");

  const running = await containersOf(deployment, localDocker);
  deployment.configure({ ...settings, tls: "own", tlsCertificate: "not a certificate" });
  await deployment.setSecret("tlsKey", "not a key either");
  const { failed, output } = await deployment.tryUp();
  expect(failed).toBe(true);
  expect(output).toContain("The certificate cannot be read");
  expect(output).toContain("The key cannot be read");
  expect(await containersOf(deployment, localDocker)).toEqual(running);
  deployment.configure({ ...settings, tls: "own", tlsCertificate: certificate });
  await deployment.setSecret("tlsKey", key);
});

/** State and last health check output of the certificate manager's container. */
const keeper = () => certificateHealth(deployment);

/** The certificate the site serves. */
const served = () => servedCertificate({ host: address, port: httpsPort, servername: NAME });
