import { join, relative } from "node:path";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { container } from "../app/container";
import { type ContainerSpec, serverOf, stackOf } from "../app/container-spec";
import { healthGate } from "../app/gate";
import { Image } from "../build/image";
import { Volume } from "../host/volume";
import { DEFAULT_IMAGES } from "../model/default-images";
import { scriptBeside } from "../scripts";
import type { Certificate } from "./certificate";
import { type DnsChallenge, dnsChallengeParts } from "./dns-challenge";

/** A certificate authority that uses the ACME protocol and validates each name over HTTP on port 80, or over DNS. */
interface Acme {
  /** URL of its directory. Whoever uses it agrees to its terms of service. Default: Let's Encrypt. */
  directory?: string;
  /** E-mail address for notices of the authority. Default: none. */
  email?: string;
  /** PEM CA certificate of the directory's HTTPS server, for a private authority. Default: the public CAs. */
  authority?: string;
  /** Interval between renewal checks in seconds; after a failure, at most an hour. Default: 43200 (twice a day). */
  checkSeconds?: number;
  /** Validates the names by records at their DNS provider, which wildcards require. Default: over HTTP. */
  dns?: DnsChallenge;
}

export interface ManagedCertificateArgs {
  /** Networks of the certificate manager's container, at least one. With `acme`, one must not be internal. */
  networks: ContainerSpec["networks"];
  /** Host names and addresses that the certificate covers. */
  names: readonly [string, ...string[]];
  /** The certificate authority. Default: none (self-signed). */
  acme?: Acme;
  /** Numeric group of nginx in its image, which gets read access. Default: 101, as in the official images. */
  group?: number;
  /** Image with certbot and openssl, to which lego is added for validation over DNS. Default: `certbot/certbot:v5.8.0`. */
  image?: string;
  /** Transforms the container's arguments before creation. Default: none. */
  transform?: NonNullable<ContainerSpec["transform"]>;
}

/**
 * A certificate that a container, the certificate manager, obtains and renews. At first it is self-signed, so that the edge can
 * start. The certificate manager requests one from the authority when the edge is healthy. If the authority refuses or cannot be
 * reached, the container becomes unhealthy and its health check prints the reason; nginx still serves the previous certificate.
 */
export class ManagedCertificate extends pulumi.ComponentResource implements Certificate {
  // One file for both, so that they are replaced in one step.
  readonly chain = `${FOLDER}/site.pem`;
  readonly key = `${FOLDER}/site.pem`;
  readonly names: readonly string[];
  readonly volumes: NonNullable<Certificate["volumes"]>;
  readonly ready: pulumi.Resource;
  readonly challenges?: string;
  readonly obtain?: (edge: pulumi.Resource) => pulumi.Resource;

  constructor(name: string, args: ManagedCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:edge:ManagedCertificate", name, {}, opts);
    this.names = args.names;
    const served = new Volume(`${name}-served`, { stack: stackOf(args) }, { parent: this });
    this.volumes = { [FOLDER]: { volume: served, readOnly: true } };
    const spec = this.#specification(name, args, served);
    // Two at once would overwrite each other's certificate.
    const role = { health: HEALTH, single: true, background: true, overrides: { entrypoints: ["sh"], init: true } };
    const manager = container(name, spec, role, { parent: this });
    this.ready = healthGate(name, { spec, container: manager, health: HEALTH, failing: "keep" }, this);
    if (args.acme) {
      if (!args.acme.dns) this.challenges = `${FOLDER}/challenges/.well-known/acme-challenge`;
      this.obtain = (edge) => this.#requestCertificate(name, args, manager, edge);
    }
    this.registerOutputs({});
  }

  #specification(name: string, args: ManagedCertificateArgs, served: Volume): ContainerSpec {
    const { networks, names, acme, group = 101, transform } = args;
    const dns = acme?.dns && dnsChallengeParts(acme.dns);
    return {
      networks,
      image: this.#image(name, args),
      command: [SCRIPT, "keep"],
      env: {
        NAMES: names.join(" "),
        CHECK_SECONDS: String(acme?.checkSeconds ?? 43_200),
        ...(acme && { DIRECTORY: acme.directory ?? LETS_ENCRYPT, EMAIL: acme.email ?? "" }),
        ...(acme?.authority !== undefined && { AUTHORITY }),
        ...dns?.env,
      },
      files: {
        [SCRIPT]: scriptParts(dns ? "lego" : "certbot")
          .map((part) => scriptBeside(__dirname, part))
          .join(""),
        ...(acme?.authority !== undefined && { [AUTHORITY]: acme.authority }),
        ...dns?.files,
      },
      volumes: {
        [FOLDER]: served,
        // The client's account and certificates, which no other container needs.
        ...(acme && { "/etc/letsencrypt": new Volume(`${name}-acme`, { stack: stackOf(args) }, { parent: this }) }),
      },
      tmpfs: ["/tmp", "/var/lib/letsencrypt"],
      // Docker creates volumes for root. nginx's group can read the files, without any capability.
      user: `0:${group}`,
      limits: { memory: 128, cpus: 0.5, pids: 20, ...dns?.limits },
      stopGrace: 5,
      ...(transform && { transform }),
    };
  }

  /** certbot's image; to validate over DNS, with lego, which has far more DNS providers. */
  #image(name: string, { acme, image = DEFAULT_IMAGES.certificate, ...args }: ManagedCertificateArgs) {
    if (!acme?.dns) return image;
    const [stack, context] = [stackOf(args), relative(process.cwd(), CONTEXT)];
    return new Image(name, { stack, context, buildArgs: { CERTBOT: image } }, { parent: this });
  }

  #requestCertificate(name: string, args: ManagedCertificateArgs, manager: docker.Container, edge: pulumi.Resource) {
    return serverOf(args).run(
      `${name}-obtained`,
      {
        script: scriptBeside(__dirname, "obtain-certificate.sh"),
        args: [manager.id, args.acme?.dns ? "dns-01" : "http-01", args.names.join(" "), "sh", SCRIPT, "obtain"],
        triggers: [manager.id],
      },
      { parent: this, dependsOn: [this.ready, edge] },
    );
  }
}

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
/** Folder of the certificate, at the same path in both containers. */
const FOLDER = "/srv/certificates";
const SCRIPT = "/opt/berth/keep-certificate.sh";
const CONTEXT = join(__dirname, "certificate-manager");
const AUTHORITY = "/opt/berth/authority.pem";
const HEALTH = { command: ["sh", SCRIPT, "healthy"], interval: 30, timeout: 10, retries: 1 };

/** The script's files in their order. Both clients define the same functions. */
function scriptParts(client: "certbot" | "lego"): string[] {
  const parts = ["served", "self-signed", client, "authority"].map((part) => `certificate/${part}.sh`);
  return [...parts, "keep-certificate.sh"];
}
