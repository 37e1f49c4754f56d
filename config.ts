import * as pulumi from "@pulumi/pulumi";
import { NOT_ROLLED_BACK, SECRETS, type Settings } from "./settings";
import { certificateNames, siteNames, validate } from "./settings-checks";

/** The stack's configuration, in the form the components take. */
export type Config = ReturnType<typeof readConfig>;

/**
 * Reads the stack's configuration: the only place that does.
 * @throws pulumi.RunError naming every wrong, missing or unknown setting at once, with what to set instead.
 */
export function readConfig() {
  const { values, problems } = validate(ownSettings(), secretSettings());
  if (!values) {
    throw new pulumi.RunError(
      `The configuration of stack ${pulumi.getStack()} needs mending; nothing was changed:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
  }
  return {
    server: {
      ssh: sshTarget(values),
      waitSeconds: values.serverWaitSeconds,
      registryMirrors: values.registryMirrors,
      rebuild: values.rebuild,
    },
    registry: registry(values),
    names: siteNames(values),
    tls: tls(values),
    edge: {
      siteName: siteNames(values)[0],
      address: values.httpAddress,
      httpPort: values.httpPort,
      httpsPort: values.httpsPort,
      drain: values.drainSeconds,
      limits: { memory: values.edgeMemoryMb, cpus: values.edgeCpus, pids: values.edgePids },
    },
    nginx: {
      // A mail may come with several PDFs at once.
      maxBodySizeMb: Math.max(20, values.maxPdfSizeMb * 2),
      signInsPerMinute: values.signInsPerMinute,
      drainSeconds: values.drainSeconds,
      live: values.liveReload,
    },
    database: {
      password: secret(values.databasePassword),
      passwordVersion: values.databasePasswordVersion,
      loopbackPort: values.databasePort,
      limits: { memory: values.databaseMemoryMb, cpus: values.databaseCpus, pids: values.databasePids },
    },
    adminerPort: values.adminerPort,
    backend: values,
    replicas: values.replicas,
    backendContainer: {
      limits: { memory: values.backendMemoryMb, cpus: values.backendCpus, pids: values.backendPids },
      stopGrace: values.drainSeconds,
    },
    adminPassword: { value: secret(values.adminPassword), length: 20 },
    secretKey: {
      value: secret(values.secretKey),
      previous: secret(values.secretKeyFallback),
      version: values.secretKeyVersion,
    },
    release: { settings: releaseSettings(), keep: values.keepReleases },
  };
}

function sshTarget({ serverHost: host, serverHostKey: hostKey, serverPort, serverUser, serverKeyFile }: Settings) {
  return host && hostKey ? { host, hostKey, port: serverPort, user: serverUser, keyFile: serverKeyFile } : undefined;
}

function registry({ registryAddress: address, registryUsername: username, registryPassword }: Settings) {
  const password = secret(registryPassword);
  return address && username && password ? { address, username, password } : undefined;
}

function tls(values: Settings) {
  const { tls: kind, tlsCertificate = "", tlsKey = "" } = values;
  switch (kind) {
    case "off":
      return undefined;
    case "own":
      return { kind, certificate: tlsCertificate, key: pulumi.secret(tlsKey) };
    case "self-signed":
      return { kind, names: siteNames(values) };
    case "acme": {
      const { acmeDirectory: directory, acmeEmail: email, acmeAuthority: authority, acmeCheckSeconds } = values;
      return {
        kind,
        names: certificateNames(values),
        acme: {
          directory,
          checkSeconds: acmeCheckSeconds,
          ...(email !== undefined && { email }),
          ...(authority !== undefined && { authority }),
        },
      };
    }
  }
}

function secret(value: string | undefined): pulumi.Output<string> | undefined {
  return value === undefined ? undefined : pulumi.secret(value);
}

/** This project's settings without its prefix; those of Pulumi and of providers are not ours to judge. */
function ownSettings(): Record<string, string> {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** What a rollback brings back. */
function releaseSettings(): Record<string, string> {
  const stay: readonly string[] = [...SECRETS, ...NOT_ROLLED_BACK];
  return Object.fromEntries(
    Object.entries(ownSettings())
      .filter(([name]) => !stay.includes(name))
      .sort(),
  );
}

function secretSettings(): Set<string> {
  const prefix = `${pulumi.getProject()}:`;
  const keys: string[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return new Set(keys.map((key) => key.slice(prefix.length)));
}
