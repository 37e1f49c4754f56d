import * as pulumi from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";
import { z } from "zod";

/** `ssh-ed25519 AAAA…`, with or without a comment. */
const PUBLIC_KEY = /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) AAAA[0-9A-Za-z+/]+=*( .*)?$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9a-fA-F:]*:[0-9a-fA-F:]+$/;

const port = number(1, 65_535);
const optional = z.string().transform((text) => (text === "" ? undefined : text));

/** Every setting by its name in Pulumi.yaml, where its default and description stand. Values come as text. */
const settings = z.object({
  serverHost: optional.pipe(z.string().regex(HOST, "must be a host name or an address").optional()),
  serverPort: port,
  serverUser: z.string().regex(/^[a-z_][a-z0-9_-]*$/, "must be the name of an account, e.g. ubuntu"),
  serverHostKey: optional.pipe(z.string().regex(PUBLIC_KEY, 'must be a public key, "ssh-ed25519 AAAA…"').optional()),
  serverKeyFile: optional,
  serverWaitSeconds: number(1, 3600),
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
  replicas: number(1, 20),
  drainSeconds: number(1, 3600),
  debug: z.enum(["true", "false"], "must be true or false").transform((text) => text === "true"),
  allowedHosts: list(z.string().regex(HOST, "must be host names or addresses")),
  corsAllowedOrigins: list(z.string().regex(/^https?:\/\/[^/]+$/, "must be origins such as http://localhost:3000")),
  maxPdfSizeMb: number(1, 1000),
  accessTokenLifetimeMinutes: number(1, 525_600),
  refreshTokenLifetimeDays: number(1, 3650),
  adminUser: z.string().regex(/^[\w.@+-]{1,150}$/, "must be 1 to 150 letters, digits or @.+-_"),
  adminPassword: optional.pipe(z.string().min(12, "must have at least 12 characters").optional()),
  secretKey: optional.pipe(z.string().min(50, "must have at least 50 characters").optional()),
});

/** Settings that may only be set with --secret. */
const SECRETS = ["registryPassword", "adminPassword", "secretKey"] as const;

export type Settings = z.infer<typeof settings>;

/** Names of all settings, as declared in Pulumi.yaml. */
export const settingNames = Object.keys(settings.shape);

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
  const { serverHost: host, serverHostKey: hostKey, registryAddress, registryUsername, registryPassword } = values;
  const ssh =
    host && hostKey
      ? { host, hostKey, port: values.serverPort, user: values.serverUser, keyFile: values.serverKeyFile }
      : undefined;
  return {
    ...values,
    server: { ssh, waitSeconds: values.serverWaitSeconds, registryMirrors: values.registryMirrors },
    registry:
      registryAddress && registryUsername && registryPassword
        ? { address: registryAddress, username: registryUsername, password: pulumi.secret(registryPassword) }
        : undefined,
    edge: { address: values.httpAddress, httpPort: values.httpPort },
    drain: values.drainSeconds,
    allowedHosts: [...(host ? [host] : ["localhost", "127.0.0.1"]), ...values.allowedHosts],
    adminPassword: values.adminPassword && pulumi.secret(values.adminPassword),
    secretKey: values.secretKey && pulumi.secret(values.secretKey),
  };
}

/** Checks raw settings. Pure, so that a test can try every mistake. */
export function validate(
  raw: Record<string, string>,
  secret: ReadonlySet<string>,
): { values?: Settings; problems: string[] } {
  const parsed = settings.safeParse(raw);
  const problems = Object.keys(raw)
    .filter((name) => !settingNames.includes(name))
    .map((name) => `${name} is no setting. Did you mean ${closest(name, settingNames)}? (pulumi config rm ${name})`);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0]);
    const shown =
      raw[name] === undefined
        ? "is missing"
        : isSecret(name)
          ? message
          : `${message}, but is ${JSON.stringify(raw[name])}`;
    problems.push(`${name} ${shown} (${howToSet(name)})`);
  }
  for (const name of SECRETS) {
    if (raw[name] && !secret.has(name)) {
      problems.push(
        `${name} stands in plain text in the stack's file. Change it, then: pulumi config set --secret ${name}`,
      );
    }
  }
  if (raw.serverHost && !raw.serverHostKey) {
    problems.push(
      "serverHostKey is missing: without it, anybody could answer for the server (pulumi config set serverHostKey 'ssh-ed25519 …')",
    );
  }
  if (raw.registryAddress) {
    for (const name of ["registryUsername", "registryPassword"] as const) {
      if (!raw[name]) problems.push(`${name} is missing, as registryAddress is set (${howToSet(name)})`);
    }
  }
  return parsed.success && problems.length === 0 ? { values: parsed.data, problems } : { problems };
}

function howToSet(name: string): string {
  return `pulumi config set ${isSecret(name) ? "--secret " : ""}${name} …`;
}

function isSecret(name: string): boolean {
  return (SECRETS as readonly string[]).includes(name);
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

function secretSettings(): Set<string> {
  const prefix = `${pulumi.getProject()}:`;
  const keys: string[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  return new Set(keys.map((key) => key.slice(prefix.length)));
}

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
