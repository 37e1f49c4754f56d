/** The arguments of components, from the values of the groups of settings. */

export { type CronValues, cronArgs } from "./cron.ts";
export { type LimitValues, limitArgs } from "./limits.ts";
export { loopbackPorts } from "./loopback-ports.ts";
export { type MetricsValues, metricsArgs } from "./metrics.ts";
export { type PostgresValues, postgresArgs } from "./postgres.ts";
export { type RedisValues, redisArgs } from "./redis.ts";
export { type SecretValues, secret, secretArgs } from "./secret.ts";
