import { type LimitValues, limitArgs } from "./limits.ts";
import { secret } from "./secret.ts";

/** The values of `redisSettings`. */
export interface RedisValues extends LimitValues<"redis"> {
  redisPort: number | undefined;
  redisPassword: string | undefined;
  redisPasswordVersion: number;
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
