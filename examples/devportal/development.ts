import * as berth from "berth";
import type { Config } from "./config";

interface Stores {
  postgres: berth.Postgres;
  redis: berth.Redis;
}

/** Development only: web pages to inspect the stores, and a demo account. */
export function development({ values }: Config, networks: berth.Network[], { postgres, redis }: Stores) {
  const { appEnv, adminerPort, redisCommanderPort } = values;
  if (adminerPort) {
    const signIn = appEnv === "development" ? postgres : undefined;
    new berth.Adminer("adminer", { networks, loopbackPort: adminerPort, signIn });
  }
  if (redisCommanderPort) {
    new berth.RedisCommander("redis-commander", { networks, redis, loopbackPort: redisCommanderPort });
  }
  return {
    /** Arguments of the application's image. */
    target: values.liveReload ? "development" : "production",
    /** Password of the demo account. */
    seedPassword: appEnv === "development" ? new berth.Secret("seed-password", { length: 20 }) : undefined,
  };
}
