import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { ManagedCertificate, type ManagedCertificateArgs, Network, stack } from "../../../components";
import { type Asked, collecting, collectOptions, type Registered, resolved } from "../../support/mocks";

const ACME = { directory: "https://ca.example.org/acme/directory", authority: "-----BEGIN CERTIFICATE-----" };

let registered: Registered[];
let asked: Asked[];
beforeEach(async () => {
  registered = await collecting();
});

let certificate: ManagedCertificate;

/** Creates all resources of a certificate, behind an edge. */
async function make(args: Partial<ManagedCertificateArgs> = {}): Promise<void> {
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    const edge = new pulumi.ComponentResource("test:Edge", "edge");
    const done = stack({ settings: {} }, (stack) => {
      const network = new Network("network", { stack });
      const names: ManagedCertificateArgs["names"] = ["mail.example.org", "203.0.113.7"];
      certificate = new ManagedCertificate("certificate", { networks: [network], names, ...args });
      return certificate.obtain?.(edge) ?? certificate.ready;
    });
    return { done: await resolved(done.urn) };
  });
}

const inputsOf = (type: string, name: string) =>
  registered.find((one) => one.type.endsWith(`:${type}`) && one.name === name)?.inputs;

/** The text of the archives that the gate gets, one a line after its folder. */
const packedIn = (stdin: string) =>
  stdin
    .split("\n")
    .map((line) => Buffer.from(line.replace(/^\S+ /, ""), "base64").toString())
    .join("");

describe("a self-signed certificate", () => {
  test("is created without an authority", async () => {
    await make();
    expect(certificate.obtain).toBeUndefined();
    expect(certificate.challenges).toBeUndefined();
    expect(inputsOf("Container", "certificate")?.envs).toEqual([
      "CHECK_SECONDS=43200",
      "NAMES=mail.example.org 203.0.113.7",
    ]);
    expect(inputsOf("Volume", "certificate-acme")).toBeUndefined();
  });

  test("is created before the edge starts", async () => {
    await make();
    expect(inputsOf("Command", "certificate-healthy")).toBeDefined();
    expect(await resolved(certificate.ready.urn)).toMatch(/::certificate-healthy$/);
  });
});

describe("a certificate from an authority", () => {
  test("is requested after the edge has started", async () => {
    await make({ acme: ACME });
    expect(inputsOf("Command", "certificate-obtained")).toBeDefined();
    expect(certificate.challenges).toBe("/srv/certificates/challenges/.well-known/acme-challenge");
  });

  test("comes from Let's Encrypt by default, and trusts public authorities for it", async () => {
    await make({ acme: {} });
    const { envs } = inputsOf("Container", "certificate") ?? {};
    expect(envs).toContain("DIRECTORY=https://acme-v02.api.letsencrypt.org/directory");
    expect(String(envs)).not.toContain("AUTHORITY");
  });

  test("can come from a private authority, trusted by its certificate", async () => {
    await make({ acme: ACME });
    const { envs } = inputsOf("Container", "certificate") ?? {};
    expect(envs).toContain(`DIRECTORY=${ACME.directory}`);
    expect(envs).toContain("AUTHORITY=/opt/berth/authority.pem");
  });
});

describe("a certificate for names that are validated over DNS", () => {
  const TOKEN = "hunter2";
  const dns = {
    provider: "hetzner",
    credentials: { HETZNER_API_TOKEN: TOKEN },
    resolvers: ["10.0.0.53:53", "10.0.0.54"],
  };

  test("needs nothing of the edge, and is requested after it has started", async () => {
    await make({ acme: { ...ACME, dns } });
    expect(certificate.challenges).toBeUndefined();
    expect(JSON.stringify(inputsOf("Command", "certificate-obtained"))).toContain("dns-01");
  });

  test("comes from an image with lego, which is based on the given one", async () => {
    await make({ acme: { dns } });
    const built = JSON.stringify(inputsOf("Command", "certificate-built"));
    expect(built).toContain("goacme/lego:");
    expect(built).toContain("certbot/certbot:");
    expect(String(inputsOf("Container", "certificate")?.image)).toMatch(/\/certificate:[0-9a-f]{12}$/);
  });

  test("has the credentials in a secret file only", async () => {
    await make({ acme: { dns } });
    const container = inputsOf("Container", "certificate");
    expect(container?.envs).toEqual(
      expect.arrayContaining([
        "DNS_PROVIDER=hetzner",
        "DNS_CREDENTIALS=/run/secrets/dns.env",
        "DNS_RESOLVERS=10.0.0.53:53,10.0.0.54",
      ]),
    );
    expect(JSON.stringify(registered.filter(({ type }) => type.endsWith(":Container")))).not.toContain(TOKEN);
    expect(String(container?.envs)).not.toContain("HETZNER_API_TOKEN");
    const copied = registered.find(({ name }) => name === "certificate-healthy");
    expect(copied?.secrets).toContain("stdin");
    expect(packedIn(String(copied?.inputs["stdin"]))).toContain(`HETZNER_API_TOKEN='${TOKEN}'`);
  });
});

describe("the certificate manager", () => {
  test("is single-instance, has no capability and writes only to its volumes and memory", async () => {
    await make({ acme: ACME });
    expect(asked.find(({ name, type }) => name === "certificate" && type.endsWith(":Container"))?.opts).toMatchObject({
      deleteBeforeReplace: true,
    });
    expect(inputsOf("Container", "certificate")).toMatchObject({
      capabilities: { drops: ["ALL"], adds: [] },
      readOnly: true,
      user: "0:101",
      mounts: [{ target: "/srv/certificates" }, { target: "/etc/letsencrypt" }],
    });
  });

  test("shares the served certificate with nginx, but nothing of the account", async () => {
    await make({ acme: ACME });
    expect(Object.keys(certificate.volumes)).toEqual(["/srv/certificates"]);
    expect(certificate.chain).toMatch(/^\/srv\/certificates\//);
    expect(Object.values(certificate.volumes)).toEqual([expect.objectContaining({ readOnly: true })]);
  });
});
