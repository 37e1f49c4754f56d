import { randomBytes } from "node:crypto";
import type { PeerCertificate } from "node:tls";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AcmeTestServer } from "../servers/acme";
import { bridgeAddress } from "../servers/docker";
import { NameServer } from "../servers/name-server";
import { awaitRenewal, certificateHealth, servedByWorkers, servedCertificate } from "../support/certificates";
import { Deployment } from "../support/deployment";
import { eventually } from "../support/eventually";
import { localDocker } from "../support/local-docker";
import { containersOf } from "../support/office-story";
import { freePort } from "../support/ports";
import { whileVisiting } from "../support/visitors";
import { fetchAt } from "../support/web";

const ZONE = "office.test";
const NAME = `mail.${ZONE}`;
const OTHER = `archive.${ZONE}`;

let nameServer: NameServer;
let authority: AcmeTestServer;
let deployment: Deployment;
let address: string;
let httpsPort: number;
let settings: Record<string, unknown>;

const url = (name: string) => `https://${name}:${httpsPort}/api/health/`;

beforeAll(async () => {
  address = await bridgeAddress();
  nameServer = await NameServer.start(ZONE);
  // No name has an address, so the authority cannot validate one over HTTP.
  authority = await AcmeTestServer.start({
    validitySeconds: 240,
    nameServer: `${await nameServer.ownAddress()}:53`,
  });
  httpsPort = await freePort();
  settings = {
    siteName: NAME,
    httpAddress: address,
    httpPort: await freePort(),
    httpsPort,
    tls: "acme",
    acmeDirectory: authority.directory,
    acmeAuthority: authority.authority,
    acmeCheckSeconds: 5,
    drainSeconds: 5,
  };
  deployment = await Deployment.create("dns-certificate", {
    ...settings,
    allowedHosts: [`*.${ZONE}`],
    acmeChallenge: "dns-01",
    dnsProvider: "rfc2136",
    dnsResolvers: [nameServer.address],
  });
});

afterAll(async () => {
  await deployment?.destroyWithData();
  await Promise.all([authority?.stop(), nameServer?.stop()]);
  deployment?.remove();
});

/** The variables of the provider with this key, as YAML. */
function credentials(key: string): string {
  const { address, keyName, keyAlgorithm } = nameServer;
  return [
    `RFC2136_NAMESERVER: ${address}`,
    `RFC2136_TSIG_ALGORITHM: ${keyAlgorithm}`,
    `RFC2136_TSIG_KEY: ${keyName}`,
    `RFC2136_TSIG_SECRET: ${key}`,
    "RFC2136_SEQUENCE_INTERVAL: 1",
    "RFC2136_POLLING_INTERVAL: 1",
    "RFC2136_TTL: 5",
  ].join("\n");
}

test("variables that the provider needs are required in the plan", async () => {
  await deployment.setSecret("dnsCredentials", `RFC2136_NAMESERVER: ${nameServer.address}`);
  const { failed, output } = await deployment.tryUp();
  expect(failed).toBe(true);
  expect(output).toContain("dnsCredentials is incomplete: the provider rfc2136 needs RFC2136_NAMESERVER, ");
  expect(await containersOf(deployment, localDocker)).toEqual([]);
});

test("a wrong key fails no release: the site serves, and the reason is reported", async () => {
  await deployment.setSecret("dnsCredentials", credentials(randomBytes(32).toString("base64")));
  const output = await deployment.up();
  expect(output).toContain("WARNING: the site has no new certificate");
  expect(output).toContain("DNS update failed: dns: bad authentication");
  expect(output).toContain("Check dnsProvider and dnsCredentials");
  expect((await served()).issuer.CN).toBe("Self-signed certificate");
  await eventually(60, async () => expect(await keeper()).toMatch(/^unhealthy No certificate from https/));
  expect(await nameServer.added()).toEqual([]);
});

test("with the right key, the certificate for all names is issued, without port 80 and without downtime", async () => {
  await deployment.setSecret("dnsCredentials", credentials(nameServer.key));
  const first = await served();
  const trusted = fetchAt({ address, authorities: [await authority.roots(), pem(first)] });
  const visits = await whileVisiting(url(NAME), issued, trusted);
  expect(visits.answered).toBeGreaterThan(20);
  expect(visits.failures).toEqual([]);
  await eventually(60, async () => expect(await keeper()).toMatch(/^healthy In use: issued by .*Pebble/));

  deployment.fetch = fetchAt({ address, authorities: [await authority.roots()] });
  for (const name of [NAME, OTHER]) expect((await deployment.fetch(url(name))).status, name).toBe(200);
  expect(new Set(await nameServer.added())).toEqual(new Set([`_acme-challenge.${NAME}`, `_acme-challenge.${ZONE}`]));
  expect(await nameServer.texts(`_acme-challenge.${ZONE}`), "the record is removed").toEqual([]);
});

/** Prints environments and command lines of all processes, as soon as lego is one of them. It runs at each check. */
const WHILE_LEGO_RUNS = `
for n in $(seq 400); do
  cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' >/tmp/seen
  ! grep -q '[-]-env-file' /tmp/seen || break
  sleep 0.05
done
cat /tmp/seen`;

test("the credentials are a file of the certificate manager, and nowhere else", async () => {
  const [manager = ""] = await containersOf(deployment, localDocker, "certificate");
  const all = await containersOf(deployment, localDocker);
  const { key } = nameServer;
  const inside = (script: string) => localDocker("exec", manager, "sh", "-c", script);
  expect(await inside("stat -c '%a %u' /run/secrets/dns.env && cat /run/secrets/dns.env")).toMatch(
    new RegExp(`^400 0\n[^]*RFC2136_TSIG_SECRET='${key.replace(/[+/=]/g, "\\$&")}'`),
  );
  const seen = {
    inspect: await localDocker("inspect", ...all),
    logs: (await Promise.all(all.map(logsOf))).join("\n"),
    processes: await inside(WHILE_LEGO_RUNS),
    stored: await inside("find /etc/letsencrypt /srv/certificates /tmp -type f -exec cat {} +"),
    state: deployment.state(),
  };
  expect(seen.processes).toContain("--env-file\n/run/secrets/dns.env");
  for (const [where, text] of Object.entries(seen)) {
    expect(text.length, where).toBeGreaterThan(50);
    expect(text, where).not.toContain(key);
  }
});

test("the certificate is renewed without a deployment, and without downtime", async () => {
  const before = await served();
  const visits = await whileVisiting(url(OTHER), () => awaitRenewal(served), deployment.fetch);
  expect(visits.answered).toBeGreaterThan(20);
  expect(visits.failures).toEqual([]);
  expect((await served()).pubkey).toEqual(before.pubkey);
});

test("after a switch to HTTP-01, the certificate stays until the authority has issued another one", async () => {
  deployment.configure(settings);
  const output = await deployment.up();
  expect(output).toContain("WARNING: the site has no new certificate");
  expect(output).toContain("Check that the authority can reach port 80 of the server");
  expect((await served()).subjectaltname).toContain(`DNS:*.${ZONE}`);
});

/** Deploys, and waits until all nginx workers serve the new certificate: each checks the file itself. */
async function issued(): Promise<void> {
  expect(await deployment.up()).toMatch(/In use: issued by .*Pebble/);
  await eventually(150, async () => {
    const shown = await servedByWorkers(served);
    expect(shown.filter(({ issuer }) => !issuer.CN?.includes("Pebble"))).toEqual([]);
  });
}

async function logsOf(id: string): Promise<string> {
  return (await execa("docker", ["logs", id], { all: true })).all;
}

function pem({ raw }: PeerCertificate): string {
  return `-----BEGIN CERTIFICATE-----\n${raw.toString("base64")}\n-----END CERTIFICATE-----\n`;
}

/** State and last health check output of the certificate manager's container. */
const keeper = () => certificateHealth(deployment);

/** The certificate the site serves. */
const served = () => servedCertificate({ host: address, port: httpsPort, servername: NAME });
