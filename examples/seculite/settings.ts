import {
  adminSettings,
  connectionProblems,
  debugSettings,
  flag,
  limitSettings,
  list,
  liveReload,
  migrationSettings,
  number,
  type OwnSettings,
  optional,
  postgresSettings,
  redisSettings,
  replicaCount,
  rotatedKeySettings,
  servicePort,
  servicePortProblems,
  setting,
  signInSettings,
} from "berth/settings";
import { z } from "zod";

const hosts = list(
  z.string().regex(/^[A-Za-z0-9.-]+(:\d+)?$/, "must be hosts such as www.example.org or intranet:8080"),
);
const addresses = list(z.string().regex(/^https?:\/\/\S+$/, "must be addresses such as https://www.example.org/"));

const queues = list(z.string().regex(/^[\w.-]+$/, "must be names of queues such as scans")).refine(
  (names) => names.includes("default") && names.includes("scans"),
  "must include default and scans",
);
const broker = optional.pipe(
  z
    .string()
    .regex(/^rediss?:\/\/\S+$/, "must be a URL such as rediss://user:password@redis.example.org:6379/0")
    .optional(),
);

const live = liveReload("web, worker, beat and the page", { env: "LIVE_RELOAD", requiresDebug: true });

/** SecuLite's own settings, in addition to the standard ones. After a change: npx berth settings */
export const ownSettings = {
  settings: {
    ...debugSettings("Django"),
    ...live.settings,
    replicas: replicaCount("backend containers that share the requests"),
    gunicornWorkers: setting(number(1, 64), {
      default: 4,
      description: "Number of worker processes of each backend container, with two threads each.",
    }),
    ...limitSettings("backend", "each backend container", { memory: 512, cpus: 1, pids: 100 }),
    backendPort: servicePort("gunicorn in the backend"),
    workers: replicaCount("Celery worker containers that share the scans"),
    workerConcurrency: setting(number(1, 64), {
      default: 2,
      description: "Number of tasks a worker container runs at a time.",
    }),
    workerQueues: setting(queues, {
      default: ["default", "scans"],
      description: "Celery queues that the workers take tasks from. SecuLite's own tasks need default and scans.",
    }),
    logLevel: setting(z.enum(["debug", "info", "warning", "error"], "must be debug, info, warning or error"), {
      default: "info",
      description: "Least level of the messages that the backend, worker and beat log.",
      env: "LOG_LEVEL",
    }),
    celeryBrokerUrl: setting(broker, {
      default: "",
      description: "URL of a Redis elsewhere as Celery's broker, with its password. Empty: a Redis in the stack.",
      secret: true,
    }),
    workerStopSeconds: setting(number(1, 3600), {
      default: 60,
      description: "Time a worker has to finish its tasks when it is replaced. It returns the others to the queue.",
      unit: "seconds",
      env: "STOP_SECONDS",
    }),
    ...limitSettings("worker", "each worker container", { memory: 512, cpus: 1, pids: 100 }),
    ...limitSettings("beat", "Celery beat", { memory: 256 }),
    ...postgresSettings({ memory: 512, cpus: 1, pids: 200 }),
    ...redisSettings({ memory: 256 }),
    ...migrationSettings,
    ...signInSettings(),
    scanHosts: setting(hosts, {
      default: ["nginx-sandbox"],
      description:
        "Hosts (or host:port) that may be scanned without limits, also in private networks. nginx-sandbox is this site's own nginx, as the backend reaches it.",
      env: "SCAN_HOSTS",
    }),
    scanOutside: setting(flag, {
      default: true,
      description:
        "Whether users may scan other public sites whose scan they confirm: at ports 80 and 443, at no private address, each site once a minute.",
      env: "SCAN_OUTSIDE",
    }),
    outsideScansPerHour: setting(number(1, 1000), {
      default: 20,
      description: "Number of scans of such sites that a user may request within an hour.",
      env: "OUTSIDE_SCANS_PER_HOUR",
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
    ...adminSettings,
    ...rotatedKeySettings("secretKey", {
      description: "Django's SECRET_KEY",
      minLength: 50,
      effect: "users stay signed in",
    }),
  },
  check: (raw) => [
    ...live.check(raw),
    ...servicePortProblems(raw, ["backendPort"]),
    ...neverScanned(raw["scheduledScans"], raw["scanHosts"]),
    ...connectionProblems(raw, {
      backend: ["replicas", "gunicornWorkers", 2],
      worker: ["workers", "workerConcurrency"],
    }),
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
