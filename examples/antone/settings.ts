import * as berth from "berth";
import { z } from "zod";

const host = berth.optional.pipe(
  z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, "must be a host name such as antone.example.org")
    .optional(),
);

/** Keys of others' services: what each has to do without is said in Pulumi.yaml. */
export const THIRD_PARTY_KEYS = [
  "twitterApiKey",
  "twitterApiSecret",
  "twitterAccessToken",
  "twitterAccessSecret",
  "redditClientId",
  "redditClientSecret",
  "redditRefreshToken",
  "threadsAccessToken",
  "deepseekApiKey",
  "healthchecksUuid",
] as const;

type ThirdPartyKeys = Record<(typeof THIRD_PARTY_KEYS)[number], typeof berth.optional>;

/** Antone's own settings, beside those of every stack; defaults and descriptions stand in Pulumi.yaml. */
export const ownSettings = {
  settings: {
    apiUrl: berth.optional.pipe(
      z
        .string()
        .regex(/^https?:\/\/[^/]+$/, "must be an address such as https://api.antone.example.org")
        .optional(),
    ),
    corsAllowedOrigins: berth.origins,
    liveReload: berth.flag,
    replicas: berth.number(1, 20),
    workers: berth.number(1, 20),
    apiMemoryMb: berth.memory,
    apiCpus: berth.cpus,
    workerMemoryMb: berth.memory,
    workerCpus: berth.cpus,
    dashboardMemoryMb: berth.memory,
    dashboardCpus: berth.cpus,
    databaseMemoryMb: berth.number(128, 1_048_576),
    databaseCpus: berth.cpus,
    databasePids: berth.pids,
    databasePort: berth.toolPort,
    inspectorPort: berth.toolPort,
    tunnelHostname: host,
    tunnelApiHostname: host,
    tunnelToken: berth.optional.pipe(
      z.string().refine(berth.isTunnelToken, "must be what `cloudflared tunnel token <name>` prints").optional(),
    ),
    operatorPassword: berth.optionalSecret(12),
    jwtSecret: berth.optionalSecret(32),
    jwtSecretVersion: berth.number(1, 1_000_000),
    databasePassword: berth.optionalSecret(12),
    databasePasswordVersion: berth.number(1, 1_000_000),
    ...(Object.fromEntries(THIRD_PARTY_KEYS.map((name) => [name, berth.optional])) as ThirdPartyKeys),
  },
  secrets: ["operatorPassword", "jwtSecret", "databasePassword", "tunnelToken", ...THIRD_PARTY_KEYS],
  notRolledBack: ["jwtSecretVersion", "databasePasswordVersion"],
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
} satisfies berth.OwnSettings;
