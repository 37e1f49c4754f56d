/** Settings that many stacks have, in groups for a project's settings.ts. `../args` returns the components' arguments for them. */

export type { AccessSettings } from "./access.ts";
export { adminSettings } from "./admin.ts";
export { adminerSettings } from "./adminer.ts";
export { type CronSettings, cronSettings } from "./cron.ts";
export { debugSettings } from "./debug.ts";
export { generatedSecret } from "./generated-secret.ts";
export { type LimitOptions, type LimitSettings, type LimitSuffixes, limitSettings } from "./limits.ts";
export { type LiveReloadOptions, liveReload } from "./live-reload.ts";
export { metricsProblems, metricsSettings } from "./metrics.ts";
export { migrationSettings } from "./migrations.ts";
export { postgresSettings } from "./postgres.ts";
export { redisSettings } from "./redis.ts";
export { replicaCount } from "./replicas.ts";
export { type RotatedKey, type RotatedKeySettings, rotatedKeySettings } from "./rotated-key.ts";
export { type RotatedSecret, type RotatedSecretSettings, rotatedSecretSettings } from "./rotated-secret.ts";
export { servicePort, servicePortProblems } from "./service-port.ts";
export { signInSettings } from "./sign-ins.ts";
