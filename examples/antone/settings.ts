import {
  cpus,
  flag,
  isTunnelToken,
  memory,
  number,
  type OwnSettings,
  optional,
  optionalSecret,
  origins,
  pids,
  setting,
  toolPort,
} from "berth/settings";
import { z } from "zod";

const host = optional.pipe(
  z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, "must be a host name such as antone.example.org")
    .optional(),
);

/** Third-party keys, which the containers get as files when they are set. */
const thirdPartyKeys = {
  twitterApiKey: serviceKey(
    "Twitter API key. Posts to Twitter require all four Twitter settings; without them they fail with a message.",
  ),
  twitterApiSecret: serviceKey("Twitter API key secret."),
  twitterAccessToken: serviceKey("Twitter access token."),
  twitterAccessSecret: serviceKey("Twitter access token secret."),
  redditClientId: serviceKey("Reddit client id. Posts to Reddit require all three Reddit settings."),
  redditClientSecret: serviceKey("Reddit client secret."),
  redditRefreshToken: serviceKey("Reddit refresh token."),
  threadsAccessToken: serviceKey("Threads access token, required for posts to Threads."),
  deepseekApiKey: serviceKey("DeepSeek API key, required for suggested texts."),
  healthchecksUuid: serviceKey("UUID of a check at healthchecks.io, which the worker pings every five minutes."),
};

export const THIRD_PARTY_KEYS = Object.keys(thirdPartyKeys) as (keyof typeof thirdPartyKeys)[];

/** Antone's own settings, in addition to the standard ones. After a change: npx berth settings */
export const ownSettings = {
  settings: {
    apiUrl: setting(
      optional.pipe(
        z
          .string()
          .regex(/^https?:\/\/[^/]+$/, "must be an address such as https://api.antone.example.org")
          .optional(),
      ),
      {
        default: "",
        description:
          "Public URL of the API for the dashboard's pages (NEXT_PUBLIC_API_URL), e.g. https://api.antone.example.org. Empty: the dashboard's own address. A change rebuilds the dashboard's image.",
      },
    ),
    corsAllowedOrigins: setting(origins, {
      default: [],
      description:
        "Origins whose pages may call the API, e.g. https://antone.example.org, when apiUrl has another origin than the dashboard.",
      env: "CORS_ALLOWED_ORIGINS",
    }),
    liveReload: setting(flag, {
      default: false,
      description:
        "For development on this machine: API, worker and dashboard run from the sources and reload on every edit.",
    }),
    replicas: setting(number(1, 20), {
      default: 1,
      description: "Number of API containers, and of dashboard containers, that share the requests, 1 to 20.",
    }),
    workers: setting(number(1, 20), {
      default: 1,
      description: "Number of worker containers that share the posts, 1 to 20.",
    }),
    apiMemoryMb: setting(memory, { default: 256, description: "Memory limit of each API container.", unit: "MiB" }),
    apiCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of each API container, e.g. 0.5.",
      unit: "processors",
    }),
    workerMemoryMb: setting(memory, {
      default: 256,
      description: "Memory limit of each worker container.",
      unit: "MiB",
    }),
    workerCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of each worker container, e.g. 0.5.",
      unit: "processors",
    }),
    dashboardMemoryMb: setting(memory, {
      default: 256,
      description: "Memory limit of each dashboard container. liveReload requires 1024.",
      unit: "MiB",
    }),
    dashboardCpus: setting(cpus, {
      default: "1",
      description: "CPU limit of each dashboard container, e.g. 0.5.",
      unit: "processors",
    }),
    databaseMemoryMb: setting(number(128, 1_048_576), {
      default: 512,
      description: "Memory limit of PostgreSQL. The sizes of its caches follow from it.",
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
    databasePort: setting(toolPort, {
      default: 0,
      description: "Port on the server's loopback address that gives tools access to PostgreSQL. 0: none.",
    }),
    inspectorPort: setting(toolPort, {
      default: 0,
      description:
        "Port of Node.js' inspector in the API container, on this machine's loopback address. Requires liveReload. 0: none.",
    }),
    tunnelHostname: setting(host, {
      default: "",
      description: "Public host name of the dashboard in Cloudflare, e.g. antone.example.org.",
    }),
    tunnelApiHostname: setting(host, {
      default: "",
      description:
        "Public host name of the API alone in Cloudflare, e.g. api.antone.example.org. Empty: none; the API is also at /api/ of tunnelHostname.",
    }),
    tunnelToken: setting(
      optional.pipe(
        z.string().refine(isTunnelToken, "must be what `cloudflared tunnel token <name>` prints").optional(),
      ),
      {
        default: "",
        description:
          "Token of the Cloudflare tunnel, as `cloudflared tunnel token <name>` prints it. Empty: no tunnel.",
        secret: true,
      },
    ),
    operatorPassword: setting(optionalSecret(12), {
      default: "",
      description: "Password of the dashboard, at least 12 characters. Empty: a generated one.",
      secret: true,
    }),
    jwtSecret: setting(optionalSecret(32), {
      default: "",
      description: "Key that the API's tokens are signed with, at least 32 characters. Empty: a generated one.",
      secret: true,
    }),
    jwtSecretVersion: setting(number(1, 1_000_000), {
      default: 1,
      description: "Increase it to rotate a generated jwtSecret. Users have to sign in again.",
      rollback: false,
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
    ...thirdPartyKeys,
  },
  check: ({ liveReload, serverHost, inspectorPort, tunnelToken, tunnelHostname, tunnelApiHostname }) => [
    ...(liveReload === "true" && serverHost
      ? [
          "liveReload reads the sources on this machine, so it cannot be used with serverHost (pulumi config set liveReload false)",
        ]
      : []),
    ...(liveReload !== "true" && inspectorPort !== "0"
      ? [
          "inspectorPort needs liveReload, as only the development image has the inspector (pulumi config set inspectorPort 0)",
        ]
      : []),
    ...(tunnelToken && !tunnelHostname
      ? ["tunnelHostname is missing, as tunnelToken is set (pulumi config set tunnelHostname …)"]
      : []),
    ...((tunnelHostname || tunnelApiHostname) && !tunnelToken
      ? ["tunnelToken is missing, as a tunnel's host name is set (pulumi config set --secret tunnelToken …)"]
      : []),
  ],
} satisfies OwnSettings;

function serviceKey(description: string) {
  return setting(optional, { default: "", description, secret: true });
}
