import { z } from "zod";

/** `ssh-ed25519 AAAA…`, with or without a comment. */
const PUBLIC_KEY = /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) AAAA[0-9A-Za-z+/]+=*( .*)?$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9a-fA-F:]*:[0-9a-fA-F:]+$/;

const port = number(1, 65_535);
/** A port for tools on the loopback address; 0 is none. */
const toolPort = number(0, 65_535).transform((port) => (port === 0 ? undefined : port));
const optional = z.string().transform((text) => (text === "" ? undefined : text));
const flag = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true");
const memory = number(16, 1_048_576);
const CPUS = "must be a number of processors such as 0.5 or 2";
const cpus = z
  .string()
  .regex(/^\d+(\.\d+)?$/, CPUS)
  .transform(Number)
  .pipe(z.number().min(0.01, CPUS).max(1024, CPUS));
const pids = number(10, 100_000);

/** Every setting by its name in Pulumi.yaml, where its default and description stand. Values come as text. */
export const settings = z.object({
  siteName: optional.pipe(z.string().regex(HOST, "must be a host name or an address").optional()),
  serverHost: optional.pipe(z.string().regex(HOST, "must be a host name or an address").optional()),
  serverPort: port,
  serverUser: z.string().regex(/^[a-z_][a-z0-9_-]*$/, "must be the name of an account, e.g. ubuntu"),
  serverHostKey: optional.pipe(z.string().regex(PUBLIC_KEY, 'must be a public key, "ssh-ed25519 AAAA…"').optional()),
  serverKeyFile: optional,
  serverWaitSeconds: number(1, 3600),
  rebuild: optional,
  registryMirrors: list(z.string().regex(/^https?:\/\/[^/]+\/?$/, "must be addresses such as http://10.0.0.5:5000")),
  registryAddress: optional.pipe(
    z
      .string()
      .regex(/^[a-z0-9.-]+(:\d+)?$/, "must be a host or host:port, without https://")
      .optional(),
  ),
  registryUsername: optional,
  registryPassword: optional,
  httpAddress: z.union([z.ipv4(), z.ipv6()], "must be an address such as 0.0.0.0 or 127.0.0.1"),
  httpPort: port,
  httpsPort: port,
  tls: z.enum(["off", "own", "self-signed", "acme"], "must be off, own, self-signed or acme"),
  tlsCertificate: optional,
  tlsKey: optional,
  acmeDirectory: z.url({
    protocol: /^https$/,
    error: "must be an address such as https://ca.example.org/acme/directory",
  }),
  acmeEmail: optional.pipe(z.email("must be an e-mail address").optional()),
  acmeAuthority: optional.pipe(
    z
      .string()
      .regex(/-----BEGIN CERTIFICATE-----/, "must be a certificate in PEM form, -----BEGIN CERTIFICATE-----…")
      .optional(),
  ),
  acmeCheckSeconds: number(1, 604_800),
  signInsPerMinute: number(1, 10_000),
  replicas: number(1, 20),
  drainSeconds: number(1, 3600),
  keepReleases: number(1, 100),
  migrationTimeoutSeconds: number(1, 86_400),
  gunicornWorkers: number(1, 64),
  backendMemoryMb: memory,
  backendCpus: cpus,
  backendPids: pids,
  databaseMemoryMb: number(128, 1_048_576),
  databaseCpus: cpus,
  databasePids: pids,
  edgeMemoryMb: memory,
  edgeCpus: cpus,
  edgePids: pids,
  liveReload: flag,
  databasePort: toolPort,
  adminerPort: toolPort,
  debug: flag,
  // The policies read it themselves (policy/).
  policyExceptions: list(z.string().regex(/^[a-z-]+:[\w-]+$/, "must be rule:resource, e.g. volume-kept:static_volume")),
  allowedHosts: list(z.string().regex(HOST, "must be host names or addresses")),
  corsAllowedOrigins: list(z.string().regex(/^https?:\/\/[^/]+$/, "must be origins such as http://localhost:3000")),
  maxPdfSizeMb: number(1, 1000),
  fileAuthorizationSeconds: number(0, 5),
  accessTokenLifetimeMinutes: number(1, 525_600),
  refreshTokenLifetimeDays: number(1, 3650),
  adminUser: z.string().regex(/^[\w.@+-]{1,150}$/, "must be 1 to 150 letters, digits or @.+-_"),
  adminPassword: optional.pipe(z.string().min(12, "must have at least 12 characters").optional()),
  databasePassword: optional.pipe(z.string().min(12, "must have at least 12 characters").optional()),
  databasePasswordVersion: number(1, 1_000_000),
  secretKey: optional.pipe(z.string().min(50, "must have at least 50 characters").optional()),
  secretKeyFallback: optional.pipe(z.string().min(50, "must have at least 50 characters").optional()),
  secretKeyVersion: number(1, 1_000_000),
});

/** Settings that may only be set with --secret. */
export const SECRETS = [
  "registryPassword",
  "tlsKey",
  "adminPassword",
  "databasePassword",
  "secretKey",
  "secretKeyFallback",
] as const;

/** Plain settings a rollback leaves as they are: where the stack stands, and what goes with secrets, which stay too. */
export const NOT_ROLLED_BACK = [
  "serverHost",
  "serverPort",
  "serverUser",
  "serverHostKey",
  "serverKeyFile",
  "serverWaitSeconds",
  "rebuild",
  "registryMirrors",
  "registryAddress",
  "registryUsername",
  "keepReleases",
  "tlsCertificate",
  "databasePasswordVersion",
  "secretKeyVersion",
] as const;

export type Settings = z.infer<typeof settings>;

/** Names of all settings, as declared in Pulumi.yaml. */
export const settingNames = Object.keys(settings.shape);

/** Settings as Pulumi hands them over: all as text. */
export type RawSettings = Readonly<Record<string, string>>;

/** A whole number within limits, both included. */
function number(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^-?\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}

function list<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "must be a list" });
        return z.NEVER;
      }
    })
    .pipe(z.array(item, "must be a list"));
}
