import { cpus, flag, list, memory, number, type OwnSettings, optionalSecret, pids, toolPort } from "berth";
import { z } from "zod";

const hosts = list(
  z.string().regex(/^[A-Za-z0-9.-]+(:\d+)?$/, "must be hosts such as www.example.org or intranet:8080"),
);
const addresses = list(z.string().regex(/^https?:\/\/\S+$/, "must be addresses such as https://www.example.org/"));

/** SecuLite's own settings, beside those of every stack; defaults and descriptions stand in Pulumi.yaml. */
export const ownSettings = {
  settings: {
    debug: flag,
    liveReload: flag,
    replicas: number(1, 20),
    gunicornWorkers: number(1, 64),
    backendMemoryMb: memory,
    backendCpus: cpus,
    backendPids: pids,
    workers: number(1, 20),
    workerConcurrency: number(1, 64),
    workerStopSeconds: number(1, 3600),
    workerMemoryMb: memory,
    workerCpus: cpus,
    workerPids: pids,
    beatMemoryMb: memory,
    databaseMemoryMb: number(128, 1_048_576),
    databaseCpus: cpus,
    databasePids: pids,
    redisMemoryMb: memory,
    databasePort: toolPort,
    redisPort: toolPort,
    migrationTimeoutSeconds: number(1, 86_400),
    signInsPerMinute: number(1, 10_000),
    scanHosts: hosts,
    scanTimeoutSeconds: number(1, 3600),
    scheduledScans: addresses,
    scanCrontab: z.string().regex(/^\S+( \S+){4}$/, "must be five words such as 0 3 * * *"),
    adminUser: z.string().regex(/^[\w.@+-]{1,150}$/, "must be 1 to 150 letters, digits or @.+-_"),
    adminPassword: optionalSecret(12),
    databasePassword: optionalSecret(12),
    databasePasswordVersion: number(1, 1_000_000),
    redisPassword: optionalSecret(12),
    redisPasswordVersion: number(1, 1_000_000),
    secretKey: optionalSecret(50),
    secretKeyFallback: optionalSecret(50),
    secretKeyVersion: number(1, 1_000_000),
  },
  secrets: ["adminPassword", "databasePassword", "redisPassword", "secretKey", "secretKeyFallback"],
  notRolledBack: ["databasePasswordVersion", "redisPasswordVersion", "secretKeyVersion"],
  check: ({ liveReload, debug, serverHost, scheduledScans, scanHosts }) => [
    ...(liveReload === "true" && debug !== "true"
      ? ["liveReload is for debug mode only (pulumi config set debug true, or liveReload false)"]
      : []),
    ...(liveReload === "true" && serverHost
      ? [
          "liveReload reads the sources on this machine, so it cannot be used with serverHost (pulumi config set liveReload false)",
        ]
      : []),
    ...neverScanned(scheduledScans, scanHosts),
  ],
} satisfies OwnSettings;

/** Scheduled addresses of hosts that may not be scanned: each of their scans would fail. Lists of a wrong form are told by their kinds. */
function neverScanned(scheduled = "", allowed = ""): string[] {
  const [{ data: urls }, { data: names }] = [addresses.safeParse(scheduled), hosts.safeParse(allowed)];
  if (!urls || !names) return [];
  return urls
    .filter((url) => URL.canParse(url))
    .map((url) => ({ url, host: new URL(url).host }))
    .filter(({ host }) => !names.includes(host))
    .map(({ url, host }) => `scheduledScans has ${url}, but ${host} may not be scanned (add it to scanHosts)`);
}
