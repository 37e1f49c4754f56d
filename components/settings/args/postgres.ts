import { type LimitValues, limitArgs } from "./limits.ts";
import { secret } from "./secret.ts";

/** The values of `postgresSettings`. */
export interface PostgresValues extends LimitValues<"database"> {
  databasePort: number | undefined;
  databasePassword: string | undefined;
  databasePasswordVersion: number;
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
