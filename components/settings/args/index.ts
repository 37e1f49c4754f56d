/** The arguments of components, from the values of the groups of settings. */

export { type PostgresValues, postgresArgs, type RedisValues, redisArgs } from "./data-servers.ts";
export { type LimitValues, limitArgs } from "./limits.ts";
export { type SecretValues, secret, secretArgs } from "./secret.ts";
