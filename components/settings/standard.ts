import { z } from "zod";
import { cpus, HOST, list, memory, number, optional, optionalSecret, pids, port } from "./kinds.ts";

/** `ssh-ed25519 AAAA…`, with or without a comment. */
const PUBLIC_KEY = /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) AAAA[0-9A-Za-z+/]+=*( .*)?$/;

const host = optional.pipe(z.string().regex(HOST, "must be a host name or an address").optional());

/** The settings every stack has, described in docs/settings.md. Values come as text. */
export const standardSettings = {
  siteName: host,
  serverHost: host,
  serverPort: port,
  serverUser: z.string().regex(/^[a-z_][a-z0-9_-]*$/, "must be the name of an account, e.g. ubuntu"),
  serverHostKey: optional.pipe(z.string().regex(PUBLIC_KEY, 'must be a public key, "ssh-ed25519 AAAA…"').optional()),
  serverKeyFile: optional,
  serverWaitSeconds: number(1, 3600),
  rebuild: optional,
  deleteData: optional,
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
  allowedHosts: list(z.string().regex(HOST, "must be host names or addresses")),
  drainSeconds: number(1, 3600),
  keepReleases: number(1, 100),
  edgeMemoryMb: memory,
  edgeCpus: cpus,
  edgePids: pids,
  backupTime: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 02:00"),
  backupTimeZone: z.string().refine(isTimeZone, "must be a time zone such as Europe/Berlin"),
  backupKeepDaily: number(1, 366),
  backupKeepMonthly: number(0, 120),
  backupPassphrase: optionalSecret(20),
  backupS3Endpoint: optional.pipe(
    z
      .string()
      .regex(/^https?:\/\/[^/]+$/, "must be an address such as https://s3.eu-central-003.backblazeb2.com")
      .optional(),
  ),
  backupS3Bucket: optional.pipe(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket")
      .optional(),
  ),
  backupS3AccessKeyId: optional,
  backupS3SecretAccessKey: optional,
  backupPingUrl: optional.pipe(z.url({ protocol: /^https?$/, error: "must be an address" }).optional()),
  backupMemoryMb: number(128, 1_048_576),
  // The policies read it themselves (policy/).
  policyExceptions: list(z.string().regex(/^[a-z-]+:[\w-]+$/, "must be rule:resource, e.g. volume-kept:static_volume")),
};

/** What they are when neither the stack nor its project says anything. */
export const standardDefaults: Record<keyof typeof standardSettings, string> = {
  siteName: "",
  serverHost: "",
  serverPort: "22",
  serverUser: "root",
  serverHostKey: "",
  serverKeyFile: "",
  serverWaitSeconds: "120",
  rebuild: "",
  deleteData: "",
  registryMirrors: "[]",
  registryAddress: "",
  registryUsername: "",
  registryPassword: "",
  httpAddress: "0.0.0.0",
  httpPort: "80",
  httpsPort: "443",
  tls: "off",
  tlsCertificate: "",
  tlsKey: "",
  acmeDirectory: "https://acme-v02.api.letsencrypt.org/directory",
  acmeEmail: "",
  acmeAuthority: "",
  acmeCheckSeconds: "43200",
  allowedHosts: "[]",
  drainSeconds: "60",
  keepReleases: "5",
  edgeMemoryMb: "128",
  edgeCpus: "1",
  edgePids: "50",
  backupTime: "02:00",
  backupTimeZone: "UTC",
  backupKeepDaily: "7",
  backupKeepMonthly: "12",
  backupPassphrase: "",
  backupS3Endpoint: "",
  backupS3Bucket: "",
  backupS3AccessKeyId: "",
  backupS3SecretAccessKey: "",
  backupPingUrl: "",
  backupMemoryMb: "512",
  policyExceptions: "[]",
};

/** Those that may only be set with --secret. */
export const STANDARD_SECRETS = ["registryPassword", "tlsKey", "backupPassphrase", "backupS3SecretAccessKey"];

/** Plain ones a rollback leaves as they are: where the stack stands, and what goes with secrets, which stay too. */
export const STANDARD_NOT_ROLLED_BACK = [
  "serverHost",
  "serverPort",
  "serverUser",
  "serverHostKey",
  "serverKeyFile",
  "serverWaitSeconds",
  "rebuild",
  "deleteData",
  "registryMirrors",
  "registryAddress",
  "registryUsername",
  "keepReleases",
  "tlsCertificate",
  "backupS3Endpoint",
  "backupS3Bucket",
  "backupS3AccessKeyId",
];

/** Whether it is one of the names of the time zone database. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

export type StandardSettings = z.infer<z.ZodObject<typeof standardSettings>>;
