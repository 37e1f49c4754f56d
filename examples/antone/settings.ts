import {
  connectionProblems,
  generatedSecret,
  isTunnelToken,
  limitSettings,
  liveReload,
  type OwnSettings,
  optional,
  origins,
  postgresSettings,
  replicaCount,
  rotatedSecretSettings,
  servicePort,
  servicePortProblems,
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
  twitterBearerToken: serviceKey("Twitter bearer token, for reading as the app. Posts do not need it."),
  redditClientId: serviceKey("Reddit client id. Posts to Reddit require all three Reddit settings."),
  redditClientSecret: serviceKey("Reddit client secret."),
  redditRefreshToken: serviceKey("Reddit refresh token."),
  threadsAccessToken: serviceKey("Threads access token, required for posts to Threads."),
  deepseekApiKey: serviceKey("DeepSeek API key, required for suggested texts."),
  healthchecksUuid: serviceKey("UUID of a check at healthchecks.io, which the worker pings every five minutes."),
};

export const THIRD_PARTY_KEYS = Object.keys(thirdPartyKeys) as (keyof typeof thirdPartyKeys)[];

const live = liveReload("API, worker and dashboard");

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
    ...live.settings,
    replicas: replicaCount("API containers, and of dashboard containers, that share the requests"),
    workers: replicaCount("worker containers that share the posts"),
    ...limitSettings("api", "each API container", { memory: 256, cpus: 1 }),
    ...limitSettings("worker", "each worker container", { memory: 256, cpus: 1 }),
    ...limitSettings(
      "dashboard",
      "each dashboard container",
      { memory: 256, cpus: 1 },
      { memoryNote: "liveReload requires 1024." },
    ),
    ...postgresSettings({ memory: 512, cpus: 1, pids: 200 }),
    apiPort: servicePort("the API"),
    dashboardPort: servicePort("the dashboard"),
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
    operatorPassword: generatedSecret(12, "Password of the dashboard"),
    ...rotatedSecretSettings("jwtSecret", {
      description: "Key that the API's tokens are signed with",
      minLength: 32,
      effect: "Users have to sign in again.",
    }),
    ...thirdPartyKeys,
  },
  check: (raw) => [
    ...live.check(raw),
    // The size of the pool in packages/database/src/connection.ts.
    ...connectionProblems(raw, { api: ["replicas", 10], worker: ["workers", 10] }),
    ...(raw["liveReload"] !== "true" && raw["inspectorPort"] !== "0"
      ? [
          "inspectorPort needs liveReload, as only the development image has the inspector (pulumi config set inspectorPort 0)",
        ]
      : []),
    ...servicePortProblems(raw, ["apiPort", "dashboardPort"]),
    ...(raw["tunnelToken"] && !raw["tunnelHostname"]
      ? ["tunnelHostname is missing, as tunnelToken is set (pulumi config set tunnelHostname …)"]
      : []),
    ...((raw["tunnelHostname"] || raw["tunnelApiHostname"]) && !raw["tunnelToken"]
      ? ["tunnelToken is missing, as a tunnel's host name is set (pulumi config set --secret tunnelToken …)"]
      : []),
  ],
} satisfies OwnSettings;

function serviceKey(description: string) {
  return setting(optional, { default: "", description, secret: true });
}
