import {
  cpus,
  flag,
  list,
  memory,
  number,
  type OwnSettings,
  optionalSecret,
  pids,
  setting,
  toolPort,
} from "berth/settings";
import { z } from "zod";

const hosts = list(
  z.string().regex(/^[A-Za-z0-9.-]+(:\d+)?$/, "must be hosts such as www.example.org or intranet:8080"),
);
const addresses = list(z.string().regex(/^https?:\/\/\S+$/, "must be addresses such as https://www.example.org/"));

/** SecuLite's own settings, in addition to the standard ones. After a change: npx berth settings */
export const ownSettings = {
  settings: {
    debug: setting(flag, {
      default: false,
      description: "Django's debug mode. Never use it where others can reach the site.",
      env: "DEBUG",
    }),
    liveReload: setting(flag, {
      default: false,
      description:
        "For development on this machine: web, worker, beat and the page run from the sources and reload on every edit. Requires debug.",
      env: "LIVE_RELOAD",
    }),
    replicas: setting(number(1, 20), {
      default: 1,
      description: "Number of backend containers that share the requests, 1 to 20.",
    }),
    gunicornWorkers: setting(number(1, 64), {
      default: 4,
      description: "Number of worker processes of each backend container, with two threads each.",
    }),
    backendMemoryMb: setting(memory, {
      default: 512,
      description: "Memory limit of each backend container.",
      unit: "MiB",
    }),
    backendCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of each backend container, e.g. 0.5.",
      unit: "processors",
    }),
    backendPids: setting(pids, {
      default: 100,
      description: "Maximum number of processes and threads of each backend container.",
    }),
    workers: setting(number(1, 20), {
      default: 1,
      description: "Number of Celery worker containers that share the scans, 1 to 20.",
    }),
    workerConcurrency: setting(number(1, 64), {
      default: 2,
      description: "Number of tasks a worker container runs at a time.",
    }),
    workerStopSeconds: setting(number(1, 3600), {
      default: 60,
      description: "Time a worker has to finish its tasks when it is replaced. It returns the others to the queue.",
      unit: "seconds",
      env: "STOP_SECONDS",
    }),
    workerMemoryMb: setting(memory, {
      default: 512,
      description: "Memory limit of each worker container.",
      unit: "MiB",
    }),
    workerCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of each worker container, e.g. 0.5.",
      unit: "processors",
    }),
    workerPids: setting(pids, {
      default: 100,
      description: "Maximum number of processes and threads of each worker container.",
    }),
    beatMemoryMb: setting(memory, { default: 256, description: "Memory limit of Celery beat.", unit: "MiB" }),
    databaseMemoryMb: setting(number(128, 1_048_576), {
      default: 512,
      description: "Memory limit of PostgreSQL.",
      unit: "MiB",
    }),
    databaseCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of PostgreSQL, e.g. 0.5.",
      unit: "processors",
    }),
    databasePids: setting(pids, {
      default: 200,
      description: "Maximum number of processes and threads of PostgreSQL.",
    }),
    redisMemoryMb: setting(memory, {
      default: 256,
      description: "Memory limit of Redis. Half of it is for data.",
      unit: "MiB",
    }),
    databasePort: setting(toolPort, {
      default: 0,
      description: "Port on the server's loopback address that gives tools access to PostgreSQL. 0: none.",
    }),
    redisPort: setting(toolPort, {
      default: 0,
      description: "Port on the server's loopback address that gives tools access to Redis. 0: none.",
    }),
    migrationTimeoutSeconds: setting(number(1, 86_400), {
      default: 600,
      description: "Timeout of a release's migrations. After it, the release fails and the previous one keeps serving.",
      unit: "seconds",
    }),
    signInsPerMinute: setting(number(1, 10_000), {
      default: 10,
      description: "Rate limit of sign-in attempts from one address.",
      unit: "requests per minute",
    }),
    scanHosts: setting(hosts, {
      default: ["nginx-sandbox"],
      description:
        "Hosts (or host:port) that may be scanned, and no others. nginx-sandbox is this site's own nginx, as the backend reaches it.",
      env: "SCAN_HOSTS",
    }),
    scanTimeoutSeconds: setting(number(1, 3600), {
      default: 60,
      description: "Timeout of a scan's request.",
      unit: "seconds",
      env: "SCAN_TIMEOUT_SECONDS",
    }),
    scheduledScans: setting(addresses, {
      default: [],
      description:
        "URLs to scan on a schedule; their hosts must be in scanHosts. They are added to the database once, and administrators change them there.",
    }),
    scanCrontab: setting(z.string().regex(/^\S+( \S+){4}$/, "must be five words such as 0 3 * * *"), {
      default: "0 3 * * *",
      description: "Schedule of those scans as a cron expression in UTC: minute, hour, day, month, weekday.",
    }),
    adminUser: setting(z.string().regex(/^[\w.@+-]{1,150}$/, "must be 1 to 150 letters, digits or @.+-_"), {
      default: "admin",
      description: "User name of the first account, an administrator.",
    }),
    adminPassword: setting(optionalSecret(12), {
      default: "",
      description: "Initial password of adminUser, at least 12 characters. Empty: a generated one.",
      secret: true,
    }),
    databasePassword: setting(optionalSecret(12), {
      default: "",
      description: "The backend's password for PostgreSQL, at least 12 characters. Empty: a generated one.",
      secret: true,
    }),
    databasePasswordVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate the database password: with a new databasePassword, or for another generated one. No downtime.",
      rollback: false,
    }),
    redisPassword: setting(optionalSecret(12), {
      default: "",
      description: "The backend's password for Redis, at least 12 characters. Empty: a generated one.",
      secret: true,
    }),
    redisPasswordVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate the Redis password: with a new redisPassword, or for another generated one. No downtime.",
      rollback: false,
    }),
    secretKey: setting(optionalSecret(50), {
      default: "",
      description: "Django's SECRET_KEY, at least 50 characters. Empty: a generated one.",
      secret: true,
    }),
    secretKeyFallback: setting(optionalSecret(50), {
      default: "",
      description:
        "The previous secretKey, which stays valid so that users stay signed in. Empty when it was a generated one.",
      secret: true,
    }),
    secretKeyVersion: setting(number(1, 1_000_000), {
      default: 1,
      description:
        "Increase it to rotate a generated secretKey. The previous one stays valid, so users stay signed in.",
      rollback: false,
    }),
  },
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

/** Scheduled URLs of hosts that are not allowed: each of their scans would fail. The types report malformed lists. */
function neverScanned(scheduled = "", allowed = ""): string[] {
  const [{ data: urls }, { data: names }] = [addresses.safeParse(scheduled), hosts.safeParse(allowed)];
  if (!urls || !names) return [];
  return urls
    .filter((url) => URL.canParse(url))
    .map((url) => ({ url, host: new URL(url).host }))
    .filter(({ host }) => !names.includes(host))
    .map(({ url, host }) => `scheduledScans has ${url}, but ${host} may not be scanned (add it to scanHosts)`);
}
