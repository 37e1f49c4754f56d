import { type LimitValues, limitArgs } from "./limits.ts";
import { secret } from "./secret.ts";

/** The values of `postgresSettings`. */
export interface PostgresValues extends LimitValues<"database"> {
  databasePort: number | undefined;
  databasePassword: string | undefined;
  databasePasswordVersion: number;
}

/** The values of `redisSettings`. */
export interface RedisValues extends LimitValues<"redis"> {
  redisPort: number | undefined;
  redisPassword: string | undefined;
  redisPasswordVersion: number;
}

/**
 * Arguments of `Postgres`, from the values of `postgresSettings`.
 *
 * @example new berth.Postgres("postgres", { ...berth.postgresArgs(values), networks: [back], database: "shop", user: "postgres" })
 */
export function postgresArgs(values: PostgresValues) {
  return {
    password: secret(values.databasePassword),
    passwordVersion: values.databasePasswordVersion,
    loopbackPort: values.databasePort,
    limits: limitArgs(values, "database"),
  };
}

/** Arguments of `Redis`, from the values of `redisSettings`. */
export function redisArgs(values: RedisValues) {
  return {
    password: secret(values.redisPassword),
    passwordVersion: values.redisPasswordVersion,
    loopbackPort: values.redisPort,
    limits: limitArgs(values, "redis"),
  };
}
